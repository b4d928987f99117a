using Microsoft.AspNetCore.Http;

namespace Portal.Gateway.Tests.Hostile;

/// <summary>
/// Requests that two programs in a row could read as different ones. The gateway refuses them, or hands on exactly one request
/// that nobody can misread: it writes each anew.
/// </summary>
public sealed class SmugglingTests : IAsyncLifetime
{
    private const string Host = "abc0001.localhost";
    private const string Inner = "GET /api/secret HTTP/1.1\r\nHost: abc0001.localhost\r\n\r\n";

    private Backend backend = null!;
    private GatewayHost gateway = null!;

    public async Task InitializeAsync()
    {
        backend = await Backend.StartAsync("api", async http =>
        {
            using var body = new StreamReader(http.Request.Body);
            var text = await body.ReadToEndAsync();
            http.Response.ContentLength = text.Length;
            await http.Response.WriteAsync(text);
        });
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host, ("api", backend.Address), ("web", backend.Address)));
        gateway = await GatewayHost.StartAsync(folder: folder);
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Theory]
    [InlineData("Content-Length: 6\r\nContent-Length: 5\r\n", "0\r\n\r\nG")]
    [InlineData("Content-Length: 5, 6\r\n", "0\r\n\r\nG")]
    [InlineData("Content-Length: -1\r\n", "0\r\n\r\n")]
    [InlineData("Content-Length: 0x5\r\n", "0\r\n\r\n")]
    [InlineData("Content-Length: 99999999999999999999\r\n", "0\r\n\r\n")]
    [InlineData("Content-Length : 5\r\n", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")]
    [InlineData(" Transfer-Encoding: chunked\r\n", "0\r\n\r\n")]
    [InlineData("X: y\r\n\tTransfer-Encoding: chunked\r\n", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: identity\r\n", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding:\u000bchunked\r\n", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "zz\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFF1\r\nx\r\n0\r\n\r\n")]
    [InlineData("X-Nul: a\0b\r\n", "")]
    [InlineData("X-Bare: a\rX-Injected: 1\r\n", "")]
    [InlineData("NoColon\r\n", "")]
    [InlineData("Bad Name: 1\r\n", "")]
    public async Task A_request_whose_end_is_in_doubt_is_refused_and_the_connection_ends(string headers, string body)
    {
        var answered = await RawClient.SendAsync(gateway, $"POST /api/sites HTTP/1.1\r\nHost: {Host}\r\n{headers}\r\n{body}{Inner}", answers: 2);

        Assert.Equal([400], RawClient.Statuses(answered));
        Assert.DoesNotContain(backend.Seen, seen => seen.Target == "/api/secret");
    }

    [Fact]
    public async Task Of_a_length_and_chunks_the_chunks_count_and_the_service_is_told_only_of_them()
    {
        // RFC 9112 §6.3: the service must not see the length.
        var answered = await RawClient.SendAsync(gateway,
            $"POST /api/sites HTTP/1.1\r\nHost: {Host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n{Inner}", answers: 2);

        Assert.Equal(200, RawClient.Statuses(answered)[0]);
        var seen = backend.Seen.First();
        Assert.DoesNotContain("Content-Length", seen.Headers.Keys);
        Assert.Equal("chunked", seen.Headers["Transfer-Encoding"]);
        Assert.Contains("abcd", answered, StringComparison.Ordinal);
        // What follows is a request of its own, not a tail of the first one.
        Assert.All(backend.Seen.Skip(1), next => Assert.Equal("/api/secret", next.Target));
    }

    [Fact]
    public async Task A_length_with_a_sign_is_the_number_and_the_service_is_told_the_number()
    {
        var answered = await RawClient.SendAsync(gateway, $"POST /api/sites HTTP/1.1\r\nHost: {Host}\r\nContent-Length: +5\r\n\r\nabcde{Inner}", answers: 2);

        Assert.Equal([200, 200], RawClient.Statuses(answered));
        Assert.Equal("5", backend.Seen.First().Headers["Content-Length"]);
        Assert.Equal(["/api/sites", "/api/secret"], backend.Seen.Select(seen => seen.Target));
    }

    [Fact]
    public async Task Requests_that_follow_each_other_on_one_connection_are_told_apart()
    {
        var answered = await RawClient.SendAsync(gateway,
            $"POST /api/a HTTP/1.1\r\nHost: {Host}\r\nContent-Length: 3\r\n\r\none"
            + $"POST /api/b HTTP/1.1\r\nHost: {Host}\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\ntwo\r\n0\r\nTrailer: x\r\n\r\n"
            + $"GET /api/c HTTP/1.1\r\nHost: {Host}\r\n\r\n", answers: 3);

        Assert.Equal([200, 200, 200], RawClient.Statuses(answered));
        Assert.Equal(["/api/a", "/api/b", "/api/c"], backend.Seen.Select(seen => seen.Target));
        Assert.All(backend.Seen, seen => Assert.DoesNotContain("Trailer", seen.Headers.Keys));
    }

    [Fact]
    public async Task A_body_that_a_service_leaves_unread_is_not_the_next_request()
    {
        await using var deaf = await Backend.StartAsync("api", http =>
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.ContentLength = 0;
            return Task.CompletedTask;
        });
        gateway.Write("abc0001.json", GatewayHost.Stack(Host, ("api", deaf.Address)));
        await gateway.RoutedAsync(2);

        await RawClient.SendAsync(gateway, $"POST /api/sites HTTP/1.1\r\nHost: {Host}\r\nContent-Length: {Inner.Length}\r\n\r\n{Inner}GET /api/next HTTP/1.1\r\nHost: {Host}\r\n\r\n", answers: 2);
        Assert.DoesNotContain(deaf.Seen, seen => seen.Target == "/api/secret");
    }

    [Theory]
    [InlineData("HTTP/1.1\r\nHost: abc0001.localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")]
    [InlineData("HTTP/1.1\r\nHost: abc0001.localhost\r\nUpgrade: something\r\nConnection: Upgrade\r\n\r\n")]
    public async Task Nobody_leaves_HTTP_by_an_upgrade_that_is_no_web_socket(string rest)
    {
        var answered = await RawClient.SendAsync(gateway, $"GET /api/sites {rest}{Inner}", answers: 2);

        // Answered as plain requests, each by the gateway's own rules.
        Assert.DoesNotContain(101, RawClient.Statuses(answered));
    }
}
