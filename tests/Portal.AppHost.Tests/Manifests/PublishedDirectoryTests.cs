using System.Text.RegularExpressions;
using Portal.AppHost.Manifests;

namespace Portal.AppHost.Tests.Manifests;

/// <summary>What a publish does to a directory that may hold a running stack's.</summary>
public sealed partial class PublishedDirectoryTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-publish-").FullName;

    private StackDirectory Stack => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Publishing_twice_gives_the_same_bytes_and_says_so()
    {
        await Published.ToAsync(_folder, Published.Customer);
        var before = Contents();

        var said = await Published.ToAsync(_folder, Published.Customer);

        Assert.Equal(before, Contents());
        Assert.Matches("^[^\n]+: all [0-9]+ files are as they should be.\n$", said);
    }

    [Fact]
    public async Task Secrets_are_strong_in_their_own_file_alone_and_never_said()
    {
        var said = await Published.ToAsync(_folder, Published.Customer with { FleetToken = "pft_token-of-this-customer" });

        var secrets = (string[])["POSTGRES_PASSWORD", "Authentication__DefaultAdminPassword", "GRAFANA_ADMIN_PASSWORD", "Grafana__DatabasePassword"];
        var values = secrets.Select(name => Stack.Env[name]!).Append("pft_token-of-this-customer").ToArray();
        Assert.Equal(5, values.Distinct().Count());
        Assert.All(values[..4], value => Assert.Matches("^[A-Za-z0-9]{32}$", value));
        Assert.All(values, value => Assert.DoesNotContain(value, said, StringComparison.Ordinal));
        Assert.Equal("pft_token-of-this-customer", File.ReadAllText(Stack.FleetToken));
        foreach (var (path, content) in Contents().Where(file => file.Key is not (".env" or "secrets/fleet-token")))
            Assert.All(values, value => Assert.False(content.Contains(value, StringComparison.Ordinal), path));
        Assert.Equal((Private, Private), (File.GetUnixFileMode(Stack.EnvPath), File.GetUnixFileMode(Stack.FleetToken)));
        Assert.Equal(Private | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(Stack.FleetToken)!));
        Assert.Contains("secrets/", File.ReadAllText(Path.Combine(_folder, ".gitignore")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_deployer_wrote_stays_and_only_what_is_missing_is_added()
    {
        File.WriteAllText(Stack.EnvPath, "# ours\nPOSTGRES_PASSWORD=\"kept as it is\"\nCOMPOSE_PROJECT_NAME=abc0001\nBACKUP_AT=04:00\nOURS=1\n");

        var said = await Published.ToAsync(_folder, Published.Customer);

        Assert.StartsWith("# ours\nPOSTGRES_PASSWORD=\"kept as it is\"\nCOMPOSE_PROJECT_NAME=abc0001\nBACKUP_AT=04:00\nOURS=1\n", File.ReadAllText(Stack.EnvPath), StringComparison.Ordinal);
        Assert.Equal(("kept as it is", "abc0001.portal.example.com", "1"), (Stack.Env["POSTGRES_PASSWORD"], Stack.Env["CUSTOMER_HOST"], Stack.Env["OURS"]));
        Assert.Single(Stack.Env.Values, value => value.Name == "POSTGRES_PASSWORD");
        Assert.Contains(".env keeps BACKUP_AT=04:00; change it there if it should be 01:30.", said, StringComparison.Ordinal);
        Assert.DoesNotContain("kept as it is", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_file_is_shown_as_lines_that_go_and_come_and_a_dry_run_leaves_it()
    {
        await Published.ToAsync(_folder, Published.Customer);
        var old = File.ReadAllText(Stack.Compose).Replace("grafana:11.4.0", "grafana:11.3.0", StringComparison.Ordinal);
        File.WriteAllText(Stack.Compose, old);

        var dry = await Published.ToAsync(_folder, Published.Customer with { DryRun = true });
        Assert.Equal(old, File.ReadAllText(Stack.Compose));
        var said = await Published.ToAsync(_folder, Published.Customer);

        Assert.All((string[])[dry, said], text =>
        {
            Assert.Contains("~ compose.yaml\n", text, StringComparison.Ordinal);
            Assert.Contains("  -     image: \"${GRAFANA_IMAGE:-grafana/grafana:11.3.0}\"\n  +     image: \"${GRAFANA_IMAGE:-grafana/grafana:11.4.0}\"\n", text, StringComparison.Ordinal);
            Assert.True(Marked().Count(text) == 2, text);
        });
        Assert.Contains("Nothing was written.", dry, StringComparison.Ordinal);
        Assert.Contains("grafana:11.4.0", File.ReadAllText(Stack.Compose), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_of_a_new_stack_makes_nothing()
    {
        var said = await Published.ToAsync(_folder, Published.Customer with { DryRun = true, FleetToken = "pft_token-of-this-customer" });

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        Assert.Contains("+ compose.yaml", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_directory_of_another_stack_is_left_alone()
    {
        await Published.ToAsync(_folder, Published.Customer);
        var before = Contents();

        var refused = await Assert.ThrowsAsync<UsageException>(() => Published.ToAsync(_folder, Published.Customer with { Name = "xyz0002" }));

        Assert.Contains("holds the stack 'abc0001'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task Names_of_containers_and_volumes_are_those_of_the_operations_guide()
    {
        await Published.ToAsync(_folder, Published.Customer);

        Assert.True(Stack is { IsCompose: true, IsKubernetes: false, Project: "abc0001" });
        Assert.Equal(("abc0001_timescale", "abc0001_portal-keys"), (Stack.Container("timescale"), Stack.Volume("portal-keys")));
        var compose = File.ReadAllText(Stack.Compose);
        foreach (var name in (string[])["portal", "timescale", "grafana", "ingest", "web", "gateway", "backup"])
            Assert.Contains($"container_name: \"${{COMPOSE_PROJECT_NAME:?is missing in .env}}_{name}\"", compose, StringComparison.Ordinal);
        foreach (var name in (string[])["timescale-data", "grafana-data", "portal-branding", "portal-keys", "backups"])
            Assert.Contains($"name: \"${{COMPOSE_PROJECT_NAME:?is missing in .env}}_{name}\"", compose, StringComparison.Ordinal);
    }

    private SortedDictionary<string, string> Contents() => new(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(_folder, file), File.ReadAllText));

    [GeneratedRegex("^  [-+] ", RegexOptions.Multiline)]
    private static partial Regex Marked();
}
