namespace Portal.AppHost.Topology;

/// <summary>The program that plays a customer's meters.</summary>
internal static class Simulator
{
    public const string Name = "simulator";

    /// <summary>The variable with the password of the admin as whom it registers its meters.</summary>
    public const string PasswordVariable = "SIMULATOR_ADMIN_PASSWORD";

    /// <summary>How much history it backfills, so that charts have something to show.</summary>
    private const string History = "7d";

    public static Service Program { get; } = new() { Name = Name, Project = "MeterSimulator", ProjectFolder = "tools", IsRouted = false };

    /// <summary>Its arguments for one stack.</summary>
    /// <param name="portal">The gateway's address; names below .localhost don't resolve in .NET, so it is told the host apart.</param>
    public static IReadOnlyList<string> Arguments(Stack stack, string domain, string portal, string keyFile) =>
    [
        "run", "--portal", portal, "--host", stack.Host(domain), "--admin-email", Stacks.AdminEmail,
        "--key-file", keyFile, "--seed", $"{stack.SimulatedFleet}", "--history", History,
    ];
}
