using Portal.AppHost.CommandLine;

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
}
