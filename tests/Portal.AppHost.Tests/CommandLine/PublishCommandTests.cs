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
    [InlineData("--fleet-token is no fleet token", "--stack", "customer", "--code", "ABC0001", "--host", "a.example.com", "--fleet-token", "secret-word")]
    public async Task A_mistake_names_its_option_and_writes_nothing(string said, params string[] line)
    {
        var (exitCode, output) = await PortalProgram.RunAsync(_folder, ["publish", "--output", _folder, .. line]);

        Assert.Equal(2, exitCode);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }
}
