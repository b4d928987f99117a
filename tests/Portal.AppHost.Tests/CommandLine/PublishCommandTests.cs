using Portal.AppHost.CommandLine;
using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;

namespace Portal.AppHost.Tests.CommandLine;

/// <summary><c>./portal publish</c> as it is typed.</summary>
public sealed class PublishCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-published-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--code is 'AB'; give the customer's code, 3 to 12 letters and digits", "--stack", "customer", "--code", "AB", "--host", "ab.example.com")]
    [InlineData("--code is missing", "--stack", "customer", "--host", "ab.example.com")]
    [InlineData("--host is 'https://x'; give the name", "--stack", "admin", "--host", "https://x")]
    [InlineData("--stack is 'all'; give customer, admin or edge.", "--stack", "all")]
    [InlineData("--stack edge is for --target compose", "--stack", "edge", "--target", "kubernetes")]
    [InlineData("--oidc-authority is 'http://login.example.com'; give the provider's issuer", "--stack", "admin", "--host", "a.example.com", "--oidc-authority", "http://login.example.com")]
    [InlineData("--oidc-client-id is missing", "--stack", "admin", "--host", "a.example.com", "--oidc-authority", "https://login.example.com")]
    [InlineData("--oidc-role-claim is for a stack with a provider", "--stack", "admin", "--host", "a.example.com", "--oidc-role-claim", "groups")]
    [InlineData("at the edge nobody signs in", "--stack", "edge", "--oidc-authority", "https://login.example.com", "--oidc-client-id", "x")]
    [InlineData("--admins-need-two-factor is for stacks", "--stack", "edge", "--admins-need-two-factor")]
    [InlineData("'--oidc-client-secret'", "--stack", "admin", "--host", "a.example.com", "--oidc-client-secret", "x")]
    // Whoever lists processes would see it.
    [InlineData("'--fleet-token'", "--stack", "customer", "--code", "ABC0001", "--host", "a.example.com", "--fleet-token", "pft_")]
    public async Task A_mistake_names_its_option_and_writes_nothing(string said, params string[] line)
    {
        var (exitCode, output) = await PortalProgram.RunAsync(_folder, ["publish", "--output", _folder, .. line]);

        Assert.Equal(2, exitCode);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_token_is_read_from_the_environment_and_one_that_is_none_is_not_shown()
    {
        string[] line = ["publish", "--output", Path.Combine(_folder, "abc0001"), "--stack", "customer", "--code", "ABC0001", "--host", "a.example.com"];

        var (exitCode, output) = await PortalProgram.RunAsync(_folder, new() { [PublishCommand.FleetTokenVariable] = "secret-word" }, line);
        Assert.Equal(2, exitCode);
        Assert.Contains("PORTAL_FLEET_TOKEN is no fleet token", output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));

        (exitCode, output) = await PortalProgram.RunAsync(_folder, new() { [PublishCommand.FleetTokenVariable] = "pft_token-of-this-customer" }, line);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("pft_token-of-this-customer", output, StringComparison.Ordinal);
        Assert.Equal("pft_token-of-this-customer", await File.ReadAllTextAsync(Path.Combine(_folder, "abc0001", "secrets", "fleet-token")));
    }

    [Fact]
    public async Task Admins_need_two_factor_where_it_is_asked_for_and_the_deployer_may_change_that()
    {
        var directory = Path.Combine(_folder, "admin");
        string[] line = ["publish", "--output", directory, "--stack", "admin", "--host", "a.example.com"];
        Assert.Equal(0, (await PortalProgram.RunAsync(_folder, line)).ExitCode);
        Assert.False(DeployedStack.Open(directory).Published.AdminsNeedTwoFactor);
        Directory.Delete(directory, recursive: true);

        Assert.Equal(0, (await PortalProgram.RunAsync(_folder, [.. line, "--admins-need-two-factor"])).ExitCode);
        Assert.True(DeployedStack.Open(directory).Published.AdminsNeedTwoFactor);
        var env = EnvFile.Read(Path.Combine(directory, ".env"));
        Assert.Equal("true", env["SignIn__AdminsNeedTwoFactor"]);
        Assert.Contains("SignIn__AdminsNeedTwoFactor", await File.ReadAllTextAsync(Path.Combine(directory, "compose.yaml")), StringComparison.Ordinal);
        env.Set("SignIn__AdminsNeedTwoFactor", "false");
        await File.WriteAllTextAsync(Path.Combine(directory, ".env"), env.ToString());
        Assert.False(DeployedStack.Open(directory).Published.AdminsNeedTwoFactor);
    }

    [Fact]
    public async Task A_provider_gets_into_the_deployers_variables_with_its_secret_and_a_later_publish_keeps_what_was_changed_there()
    {
        var directory = Path.Combine(_folder, "abc0001");
        string[] line =
        [
            "publish", "--output", directory, "--stack", "customer", "--code", "ABC0001", "--host", "a.example.com",
            "--oidc-authority", "https://login.example.com", "--oidc-client-id", "abc", "--oidc-name", "Acme Foods", "--oidc-only",
        ];
        var (exitCode, output) = await PortalProgram.RunAsync(_folder, new() { [PublishCommand.ProviderSecretVariable] = "secret-of-the-provider" }, line);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("secret-of-the-provider", output, StringComparison.Ordinal);
        var env = EnvFile.Read(Path.Combine(directory, ".env"));
        Assert.Equal(("https://login.example.com", "abc", "Acme Foods", "true", "secret-of-the-provider"),
            (env["Oidc__Authority"], env["Oidc__ClientId"], env["Oidc__Name"], env["Oidc__Only"], env["Oidc__ClientSecret"]));
        Assert.DoesNotContain("secret-of-the-provider", await File.ReadAllTextAsync(Path.Combine(directory, "publication.json")), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-the-provider", await File.ReadAllTextAsync(Path.Combine(directory, "compose.yaml")), StringComparison.Ordinal);

        env.Set("Oidc__RoleClaim", "groups");
        env.Set("Oidc__Only", "false");
        await File.WriteAllTextAsync(Path.Combine(directory, ".env"), env.ToString());
        var stack = DeployedStack.Open(directory);
        Assert.Equal(("groups", false), (stack.Published.Provider!.RoleClaim, stack.Published.Provider.Only));
        Assert.Equal("it said (secret)", stack.Redacted("it said secret-of-the-provider"));
    }
}
