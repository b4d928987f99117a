using System.Net;
using System.Text.Json;

namespace Portal.Gateway.Tests.Tls;

public sealed class HttpsTests : IAsyncLifetime
{
    private const string Host = "abc0001.example.com";
    private const string Other = "xyz0002.example.com";
    private const string Alone = "alone.example.org";

    private readonly string certificates = Authority.NewFolder();
    private readonly string webRoot = Authority.NewFolder();
    private readonly List<IAsyncDisposable> running = [];
    private Backend backend = null!;
    private GatewayHost gateway = null!;

    public async Task InitializeAsync()
    {
        Authority.WriteAsLego(certificates, "*.example.com", Authority.Issue("*.example.com"));
        Authority.WriteAsLego(certificates, Alone, Authority.Issue(Alone));
        backend = await Backend.StartAsync("web");
        running.Add(backend);
        gateway = await StartAsync(("Tls:AcmeWebRoot", webRoot), ("Tls:PublicPort", "8443"));
    }

    public async Task DisposeAsync()
    {
        for (var i = running.Count - 1; i >= 0; i--) await running[i].DisposeAsync();
        foreach (var folder in new[] { certificates, webRoot }) Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_plain_request_is_sent_to_the_same_place_by_TLS_with_its_method()
    {
        const string target = "/api/devices/unclaimed/A%2FN%20x/claim?from=1&to=2";
        using var redirect = await gateway.SendAsync($"{Host}:8080", new HttpRequestMessage(HttpMethod.Post, target) { Content = new StringContent("{}") });

        Assert.Equal(HttpStatusCode.PermanentRedirect, redirect.StatusCode);
        Assert.Equal($"https://{Host}:8443{target}", redirect.Headers.GetValues("Location").Single());
        Assert.False(redirect.Headers.Contains("Strict-Transport-Security"));
        Assert.Empty(backend.Seen);

        var usual = await StartAsync();
        using var onPort443 = await usual.GetAsync(Host, "/");
        Assert.Equal($"https://{Host}/", onPort443.Headers.GetValues("Location").Single());
    }

    [Fact]
    public async Task A_plain_request_for_an_unknown_host_is_not_sent_anywhere()
    {
        using var unknown = await gateway.GetAsync("nobody.example.com", "/");
        await ProblemAssert.IsAsync(HttpStatusCode.NotFound, "not-found", unknown);
        Assert.Equal("Healthy", await gateway.StatusClient.GetStringAsync("/health"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task By_TLS_the_service_is_told_so_and_the_browser_is_told_to_insist(string version)
    {
        using var client = TlsClient.Http(gateway, Version.Parse(version));
        using var response = await client.GetAsync(new Uri($"https://{Host}/devices"));

        Assert.Equal("web", await response.Content.ReadAsStringAsync());
        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Equal("max-age=31536000", response.Headers.GetValues("Strict-Transport-Security").Single());
        var seen = Assert.Single(backend.Seen).Headers;
        Assert.Equal("https", seen["X-Forwarded-Proto"]);
        Assert.Equal(Host, seen["Host"]);
    }

    [Fact]
    public async Task Nobody_insists_where_it_is_switched_off()
    {
        var lax = await StartAsync(("Tls:HstsMaxAge", "00:00:00"));
        using var client = TlsClient.Http(lax);
        using var response = await client.GetAsync(new Uri($"https://{Host}/"));
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task A_connection_for_one_stack_asks_no_other_unless_one_certificate_is_for_both()
    {
        // As a browser does that has a connection to a neighbour already.
        using var neighbour = TlsClient.Fronted(gateway, Other);
        using var shared = await neighbour.GetAsync(new Uri($"http://{Host}/"));
        Assert.Equal(HttpStatusCode.OK, shared.StatusCode);

        using var fronted = TlsClient.Fronted(gateway, Alone);
        using var misdirected = await fronted.GetAsync(new Uri($"http://{Host}/"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, misdirected.StatusCode);
        using var nobody = await fronted.GetAsync(new Uri("http://nobody.example.org/"));
        await ProblemAssert.IsAsync(HttpStatusCode.NotFound, "not-found", nobody);
    }

    [Fact]
    public async Task An_authority_is_answered_from_the_web_root_at_every_host_without_a_redirect()
    {
        var folder = Directory.CreateDirectory(Path.Combine(webRoot, ".well-known", "acme-challenge")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "LoqXcYV8_q5O-NbJQxbmjg"), "LoqXcYV8_q5O-NbJQxbmjg.thumbprint");
        await File.WriteAllTextAsync(Path.Combine(webRoot, "secret"), "not to be seen");

        foreach (var host in new[] { Host, "not-yet-routed.example.com" })
        {
            using var answer = await gateway.GetAsync(host, "/.well-known/acme-challenge/LoqXcYV8_q5O-NbJQxbmjg");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal("LoqXcYV8_q5O-NbJQxbmjg.thumbprint", await answer.Content.ReadAsStringAsync());
        }

        foreach (var token in new[] { "unknown", "..%2F..%2Fsecret", "a.b", new string('x', 200) })
        {
            using var none = await gateway.GetAsync(Host, $"/.well-known/acme-challenge/{token}");
            Assert.True(none.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{token}: {none.StatusCode}");
        }

        using var below = await gateway.GetAsync(Host, "/.well-known/acme-challenge/a/b");
        Assert.Equal(HttpStatusCode.PermanentRedirect, below.StatusCode);
    }

    [Fact]
    public async Task An_authority_is_answered_by_the_ACME_client_itself_where_it_has_an_address()
    {
        await using var acme = await Backend.StartAsync("acme");
        var handing = await StartAsync(("Tls:AcmeAddress", acme.Address));
        using var answer = await handing.GetAsync(Host, "/.well-known/acme-challenge/token");

        Assert.Equal("acme", await answer.Content.ReadAsStringAsync());
        var seen = Assert.Single(acme.Seen);
        Assert.Equal("/.well-known/acme-challenge/token", seen.Target);
        Assert.Equal(Host, seen.Headers["Host"]);
    }

    private async Task<GatewayHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var folder = GatewayHost.NewFolder();
        foreach (var host in new[] { Host, Other, Alone })
            GatewayHost.Write(folder, $"{host.Split('.')[0]}.json", JsonSerializer.Serialize(new { host, services = new { web = new[] { backend.Address }, api = new[] { backend.Address } } }));
        var started = await GatewayHost.StartAsync(settings.Append(("Tls:CertificatesPath", certificates)).ToDictionary(s => s.Item1, s => s.Item2), folder);
        running.Add(started);
        return started;
    }
}
