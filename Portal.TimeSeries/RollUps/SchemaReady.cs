namespace Portal.TimeSeries;

/// <summary>Told by whoever migrates the schema, waited for by what needs it.</summary>
public sealed class SchemaReady
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the schema is there; never if that failed.</summary>
    public Task Task => done.Task;

    public void Set() => done.TrySetResult();
}
