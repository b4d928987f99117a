using Xunit;

namespace Portal.Testing;

/// <summary>A test on a real TimescaleDB: skipped with the reason on a laptop where there can be none, a failure in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TimescaleFactAttribute : FactAttribute
{
    public TimescaleFactAttribute() => Skip = TimescaleDatabase.MissingReason;
}
