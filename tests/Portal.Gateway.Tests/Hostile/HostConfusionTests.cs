namespace Portal.Gateway.Tests.Hostile;

/// <summary>Requests that name one stack in one place and another elsewhere.</summary>
public sealed class HostConfusionTests : IAsyncLifetime
{
    private const string Host = "abc0001.localhost";

    private Backend mine = null!;
    private Backend neighbours = null!;
    private GatewayHost gateway = null!;

    public async Task InitializeAsync()
    {
        mine = await Backend.StartAsync("mine");
        neighbours = await Backend.StartAsync("neighbours");
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host, ("web", mine.Address)));
        GatewayHost.Write(folder, "xyz0002.json", GatewayHost.Stack("xyz0002.localhost", ("web", neighbours.Address)));
        gateway = await GatewayHost.StartAsync(folder: folder);
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        await mine.DisposeAsync();
        await neighbours.DisposeAsync();
    }

    [Theory]
    // None, two, or something that is no host.
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: abc0001.localhost\r\nHost: xyz0002.localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: abc0001.localhost, xyz0002.localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: abc0001.localhost xyz0002.localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: me@abc0001.localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: abc0001.localhost/x\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: abc0001.localhost:port\r\n\r\n", 400)]
    // Two places that differ.
    [InlineData("GET http://xyz0002.localhost/ HTTP/1.1\r\nHost: abc0001.localhost\r\n\r\n", 400)]
    [InlineData("CONNECT xyz0002.localhost:80 HTTP/1.1\r\nHost: abc0001.localhost\r\n\r\n", 400)]
    // A name that is nobody's.
    [InlineData("GET / HTTP/1.1\r\nHost: \r\n\r\n", 404)]
    [InlineData("GET / HTTP/1.1\r\nHost: abc0001.localhost.\r\n\r\n", 404)]
    [InlineData("GET / HTTP/1.1\r\nHost: abc0001.localhost.evil.example\r\n\r\n", 404)]
    [InlineData("GET http://nobody.localhost/ HTTP/1.1\r\nHost: nobody.localhost\r\nX-Forwarded-Host: abc0001.localhost\r\n\r\n", 404)]
    [InlineData("GET / HTTP/1.0\r\n\r\n", 404)]
    public async Task It_reaches_no_stack(string request, int status)
    {
        var answered = await RawClient.SendAsync(gateway, request);

        Assert.Equal([status], RawClient.Statuses(answered));
        Assert.Empty(mine.Seen);
        Assert.Empty(neighbours.Seen);
    }

    [Theory]
    [InlineData("GET http://abc0001.localhost/x?y=1 HTTP/1.1\r\nHost: abc0001.localhost\r\n\r\n")]
    [InlineData("GET /x?y=1 HTTP/1.1\r\nHost: ABC0001.localhost:1234\r\nX-Forwarded-Host: xyz0002.localhost\r\nForwarded: host=xyz0002.localhost\r\nX-Original-URL: /other\r\nX-Rewrite-URL: /other\r\n\r\n")]
    [InlineData("GET /x?y=1 HTTP/1.0\r\nHost: abc0001.localhost\r\n\r\n")]
    public async Task It_reaches_the_stack_of_its_Host_with_nothing_that_says_otherwise(string request)
    {
        var answered = await RawClient.SendAsync(gateway, request);

        Assert.Equal([200], RawClient.Statuses(answered));
        Assert.Empty(neighbours.Seen);
        var seen = Assert.Single(mine.Seen);
        Assert.Equal("/x?y=1", seen.Target);
        Assert.DoesNotContain(seen.Headers, header => header.Value.Contains("xyz0002", StringComparison.Ordinal) || header.Value == "/other");
    }
}
