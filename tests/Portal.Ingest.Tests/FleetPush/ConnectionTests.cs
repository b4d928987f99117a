using System.Net;
using Portal.Ingest.FleetPush;

namespace Portal.Ingest.Tests.FleetPush;

/// <summary>Where the push connects to.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task Names_below_localhost_are_this_machine_and_keep_their_host()
    {
        await using var fleet = await FleetReceiver.StartAsync();
        var url = new UriBuilder(fleet.Address) { Host = "admin.localhost" }.Uri;
        string? host = null;
        fleet.Before = (http, _) =>
        {
            host = http.Request.Host.Value;
            return Task.FromResult(false);
        };
        using var client = new HttpClient(PushConnections.Create(url));

        using var content = new StringContent("""{"batchId":"0193f2a0-0000-7000-8000-000000000000","batchType":"heartbeat","rows":[]}""");
        using var answer = await client.PostAsync(new Uri(url, "/api/fleet/ingest"), content);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal($"admin.localhost:{url.Port}", host);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.255.0.1", true)]
    [InlineData("172.31.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("100.100.1.1", true)]
    [InlineData("169.254.1.1", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("::1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("::ffff:192.168.1.1", true)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("2001:4860:4860::8888", false)]
    public void Plain_http_is_for_private_addresses(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, PrivateNetwork.Contains(IPAddress.Parse(address)));

    [Fact]
    public async Task A_name_that_leads_to_a_public_address_is_not_connected_to_over_plain_http()
    {
        using var client = new HttpClient(PushConnections.Create(new Uri("http://8.8.8.8")));

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://8.8.8.8/")));

        Assert.Contains("is no private address", error.ToString(), StringComparison.Ordinal);
    }
}
