using Portal.AppHost.Processes;
using Portal.AppHost.TestRuns;

namespace Portal.AppHost.Tests.Manifests;

/// <summary>What a real Compose says of the files: docker-compose 1.29, the strictest of those that deployers have.</summary>
public sealed class ComposeToolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-compose-").FullName;

    public static TheoryData<string> Cases => [.. Published.Cases.Keys.Where(name => name.StartsWith("compose-", StringComparison.Ordinal))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ComposeTheory]
    [MemberData(nameof(Cases))]
    public async Task Every_published_file_is_one_that_compose_takes(string name)
    {
        await Published.ToAsync(_folder, Published.Cases[name]);
        var env = Portal.AppHost.Manifests.EnvFile.Read(Path.Combine(_folder, ".env"));
        // What somebody else made, the password of a server, the secret of a provider, is written by the deployer.
        foreach (var written in (string[])["POSTGRES_PASSWORD", "Oidc__ClientSecret"])
            if (env[written] == "") await File.AppendAllTextAsync(Path.Combine(_folder, ".env"), $"{written}=of-somebody-else\n");

        var said = await ConfigAsync();

        Assert.True(said.Succeeded, said.Output);
    }

    [ComposeFact]
    public async Task A_variable_that_is_missing_is_refused_before_anything_starts()
    {
        await Published.ToAsync(_folder, Published.Customer);
        var env = Path.Combine(_folder, ".env");
        await File.WriteAllLinesAsync(env, (await File.ReadAllLinesAsync(env)).Where(line => !line.StartsWith("POSTGRES_PASSWORD=", StringComparison.Ordinal)));

        var said = await ConfigAsync();

        Assert.False(said.Succeeded);
        Assert.Contains("is missing in .env", said.Output, StringComparison.Ordinal);
    }

    private Task<Command.Result> ConfigAsync() => Command.RunAsync(
        [DockerCompose.Find()!, "--project-directory", _folder, "-f", Path.Combine(_folder, "compose.yaml"), "--env-file", Path.Combine(_folder, ".env"), "config", "-q"],
        TimeSpan.FromMinutes(2), CancellationToken.None);
}

/// <summary>Skipped with the reason on a laptop without docker-compose, a failure in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ComposeFactAttribute : FactAttribute
{
    public ComposeFactAttribute() => Skip = ToolReason.Of(DockerCompose.Find(), DockerCompose.HowToInstall);
}

/// <inheritdoc cref="ComposeFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ComposeTheoryAttribute : TheoryAttribute
{
    public ComposeTheoryAttribute() => Skip = ToolReason.Of(DockerCompose.Find(), DockerCompose.HowToInstall);
}

internal static class ToolReason
{
    /// <summary>Null where a test runs: the tool is there, or it is CI, where its absence is a failure.</summary>
    public static string? Of(string? tool, string reason) => tool is null && Environment.GetEnvironmentVariable("CI") != "true" ? reason : null;
}
