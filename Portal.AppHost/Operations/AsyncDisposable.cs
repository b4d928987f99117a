namespace Portal.AppHost.Operations;

/// <summary>What is to be done when something is not needed any more.</summary>
internal sealed class AsyncDisposable(Func<Task> close) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await close();
}
