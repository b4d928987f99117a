using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Tests.Manifests;

namespace Portal.AppHost.Tests.Operations;

/// <summary>What lies in a directory that somebody names.</summary>
public sealed class DeployedStackTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-deployed-").FullName;

    public static TheoryData<string> Cases => [.. Published.Cases.Keys];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_published_directory_is_opened_as_what_it_was_published_as(string name)
    {
        var options = Published.Cases[name] with { Output = _folder };
        await Published.ToAsync(_folder, options);

        var stack = DeployedStack.Open(_folder);

        // Whether to write, and the token, are of one run.
        Assert.Equal(options, stack.Published);
        Assert.Equal((options.Name, options.Name.ToUpperInvariant(), options.Kind), (stack.Project, stack.Code, stack.Kind));
        Assert.Equal(options.Host.Length == 0 ? null : new Uri($"https://{options.Host}"), stack.PublicUrl);
        Assert.Contains(stack.Services, service => service.Name == "gateway");
    }

    [Fact]
    public async Task What_the_deployer_changed_in_env_counts()
    {
        await Published.ToAsync(_folder, Published.Customer);
        var env = EnvFile.Read(Path.Combine(_folder, ".env"));
        foreach (var (name, value) in ((string, string)[])[("CUSTOMER_HOST", "power.example.org"), ("PORTAL_VERSION", "0.2.0"), ("PUBLIC_SCHEME", "http"), ("PUBLIC_PORT", ":8080"), ("FleetIngest__Enabled", "false")]) env.Set(name, value);
        File.WriteAllText(Path.Combine(_folder, ".env"), env.ToString());

        var stack = DeployedStack.Open(_folder);

        Assert.Equal(("power.example.org", "0.2.0", null), (stack.Host, stack.Published.Version, stack.Published.FleetUrl));
        Assert.Equal("http://power.example.org:8080/", stack.PublicUrl!.ToString());
    }

    [Fact]
    public async Task A_directory_that_is_none_of_ours_is_refused_with_what_was_looked_for()
    {
        Refused(Path.Combine(_folder, "absent"), "does not exist");
        Refused(_folder, "publication.json, which ./portal publish writes, was not found there");

        await Published.ToAsync(_folder, Published.Customer);
        File.Delete(Path.Combine(_folder, ".env"));
        Refused(_folder, "compose.yaml and .env were looked for");

        File.WriteAllText(Path.Combine(_folder, ".env"), "COMPOSE_PROJECT_NAME=xyz0002\n");
        Refused(_folder, "publication.json says abc0001, the manifests and variables say xyz0002");

        File.WriteAllText(Path.Combine(_folder, "publication.json"), """{ "kind": "customer", "target": "compose", "name": "abc0001", "version": "9", "orbit": 3 }""");
        Refused(_folder, "can't be read");
    }

    [Fact]
    public async Task A_file_that_is_a_link_and_a_directory_that_everybody_may_write_are_refused()
    {
        await Published.ToAsync(_folder, Published.Customer with { FleetToken = "pft_token-of-this-customer" });
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        Refused(_folder, "may be written by everybody");
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        Assert.NotNull(DeployedStack.Open(_folder));

        File.Delete(Path.Combine(_folder, "secrets/fleet-token"));
        File.CreateSymbolicLink(Path.Combine(_folder, "secrets/fleet-token"), "/etc/hostname");
        Refused(_folder, "secrets/fleet-token is a link to /etc/hostname");
    }

    [Fact]
    public async Task Secrets_are_taken_out_of_what_tools_say()
    {
        await Published.ToAsync(_folder, Published.Customer with { FleetToken = "pft_token-of-this-customer" });
        var stack = DeployedStack.Open(_folder);

        var said = stack.Redacted($"could not connect with {stack.Variables["POSTGRES_PASSWORD"]} or pft_token-of-this-customer to abc0001");

        Assert.Equal("could not connect with (secret) or (secret) to abc0001", said);
    }

    private static void Refused(string folder, string why)
    {
        var refused = Assert.Throws<UsageException>(() => DeployedStack.Open(folder));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains("othing was changed", refused.Message, StringComparison.Ordinal);
    }
}
