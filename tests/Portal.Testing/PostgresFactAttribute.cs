using Xunit;

namespace Portal.Testing;

/// <summary>A test that needs PostgreSQL: skipped, saying what to install, on a machine without; failing there when <c>CI</c> is <c>true</c>.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresRequirement.Skip;
}

/// <summary>The same as <see cref="PostgresFactAttribute"/> for a theory.</summary>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresRequirement.Skip;
}

internal static class PostgresRequirement
{
    public static string? Skip { get; } = Environment.GetEnvironmentVariable("CI") == "true" ? null : PostgresServer.Missing;
}
