namespace MeterSimulator.Tests;

/// <summary>Lines that one thread may read while others write.</summary>
internal sealed class CollectedLog : StringWriter
{
    private readonly Lock _gate = new();

    public string Text
    {
        get
        {
            lock (_gate) return ToString();
        }
    }

    public override void WriteLine(string? value)
    {
        lock (_gate) base.WriteLine(value);
    }
}
