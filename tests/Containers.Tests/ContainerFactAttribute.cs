using Portal.AppHost.TestRuns;

namespace Containers.Tests;

/// <summary>Skipped with the reason where no Docker engine was brought up for these tests.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContainerFactAttribute : FactAttribute
{
    public ContainerFactAttribute() => Skip = Reason;

    /// <summary>Null where there is an engine.</summary>
    public static string? Reason => Environment.GetEnvironmentVariable(ContainerEnvironment.EdgeSubnetVariable) is { Length: > 0 }
        ? null
        : Environment.GetEnvironmentVariable(ContainerEnvironment.ReasonVariable) ?? "Containers were not tried: ./portal test --containers brings an engine up for these tests.";
}
