namespace Portal.AppHost.TestRuns;

/// <summary>A set of tests that are run together. A test says by <c>[Trait("Tier", "soak")]</c> that it belongs to a slow one.</summary>
/// <param name="Name">As a person says it.</param>
/// <param name="Filter">What <c>dotnet test --filter</c> takes.</param>
/// <param name="Limit">The longest that one project's tests may take.</param>
internal sealed record TestTier(string Name, string Filter, TimeSpan Limit)
{
    public static TestTier Ordinary { get; } = new("ordinary", "Tier!=containers&Tier!=soak", TimeSpan.FromMinutes(20));

    public static TestTier Containers { get; } = new("containers", "Tier=containers", TimeSpan.FromMinutes(30))
    {
        Target = "tests/Containers.Tests/Containers.Tests.csproj",
    };

    public static TestTier Soak { get; } = new("soak", "Tier=soak", TimeSpan.FromHours(24));

    /// <summary>What <c>dotnet test</c> builds and runs, relative to the repository's root.</summary>
    public string Target { get; init; } = "Portal.sln";
}
