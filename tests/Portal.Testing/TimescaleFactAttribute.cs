using Xunit;

namespace Portal.Testing;

/// <summary>A test on a real TimescaleDB: skipped with the reason on a laptop where there can be none, a failure in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TimescaleFactAttribute : FactAttribute
{
    public TimescaleFactAttribute() => Skip = TimescaleDatabase.MissingReason;
}

/// <summary>A test of the server in <c>tests/timescale</c> itself: skipped where <c>PORTAL_TEST_TIMESCALE</c> puts another in its place.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OwnServerFactAttribute : FactAttribute
{
    public OwnServerFactAttribute() =>
        Skip = TimescaleDatabase.IsGiven ? "PORTAL_TEST_TIMESCALE is set, and this is about the server in tests/timescale." : TimescaleDatabase.MissingReason;
}
