using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Gateway.Grafana;
using Portal.ServiceDefaults.Sessions;
using Yarp.ReverseProxy;

namespace Portal.Gateway.Tests.Grafana;

public sealed class GrafanaSignInTests : IAsyncLifetime
{
    private const string Host = "abc0001.localhost";
    private const string Other = "xyz0002.localhost";
    private const string Fleet = "admin.localhost";
    private const string Admin = "portal-session=admin";
    private const string Viewer = "portal-session=viewer";

    private readonly FakeTimeProvider time = new();
    private ApiStandIn api = null!;
    private ApiStandIn otherApi = null!;
    private GrafanaStandIn grafana = null!;
    private GrafanaStandIn otherGrafana = null!;
    private GrafanaStandIn fleetGrafana = null!;
    private Backend backend = null!;
    private GatewayHost gateway = null!;

    public async Task InitializeAsync()
    {
        (api, otherApi, backend) = (await ApiStandIn.StartAsync(), await ApiStandIn.StartAsync(), await Backend.StartAsync("web"));
        (grafana, otherGrafana, fleetGrafana) = (await GrafanaStandIn.StartAsync(Host), await GrafanaStandIn.StartAsync(Other), await GrafanaStandIn.StartAsync(Fleet));
        api.Sessions["admin"] = ("boss@abc.example", "Admin");
        api.Sessions["viewer"] = ("guest@abc.example", "Viewer");

        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host, ("api", api.Address), ("grafana", grafana.Address), ("web", backend.Address)));
        GatewayHost.Write(folder, "xyz0002.json", GatewayHost.Stack(Other, ("api", otherApi.Address), ("grafana", otherGrafana.Address), ("web", backend.Address)));
        GatewayHost.Write(folder, "admin.json", GatewayHost.Stack(Fleet,
            ("api", api.Address), ("grafana", fleetGrafana.Address), ("web", backend.Address), ("aggregator", backend.Address)));
        // What is believed for seconds goes by this clock; the proxy keeps its own.
        gateway = await GatewayHost.StartAsync(folder: folder, services: services =>
        {
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<GrafanaSessions>(provider, provider.GetRequiredService<IProxyStateLookup>(), time));
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<GrafanaSignIn>(provider, time));
        });
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        foreach (var started in new IAsyncDisposable[] { api, otherApi, backend, grafana, otherGrafana, fleetGrafana }) await started.DisposeAsync();
        Assert.Empty(grafana.Mistakes.Concat(otherGrafana.Mistakes).Concat(fleetGrafana.Mistakes));
    }

    [Fact]
    public async Task An_admin_is_an_editor_and_a_viewer_a_viewer()
    {
        Assert.Equal("boss@abc.example is Editor", await TextAsync(Admin));
        Assert.Equal("guest@abc.example is Viewer", await TextAsync(Viewer));
        // As it is called where people come by TLS.
        Assert.Equal("boss@abc.example is Editor", await TextAsync("theme=dark; __Host-portal-session=admin; other=1"));

        var seen = grafana.Backend.Seen.Last().Headers;
        Assert.Equal("theme=dark; other=1", seen["Cookie"]);
        Assert.Equal(Host, seen["Host"]);
    }

    [Fact]
    public async Task A_name_that_the_caller_claims_is_nothing_however_it_is_spelled()
    {
        string[] claims = ["X-WEBAUTH-USER", "x-webauth-role", "X-WebAuth-Groups", "X_WEBAUTH_USER", "X-WEBAUTH_ROLE", "X_WebAuth-Email"];
        foreach (var cookie in new[] { null, "portal-session=nobody", Viewer })
        {
            using var response = await GetAsync("/grafana/api/user", cookie, [.. claims.Select(claim => (claim, "Admin")), ("Authorization", "Basic YWRtaW46YWRtaW4=")]);
            Assert.Equal(cookie == Viewer ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.Equal(new Dictionary<string, string> { ["guest@abc.example"] = "Viewer" }, grafana.Users);
    }

    [Fact]
    public async Task Who_is_signed_out_is_shown_the_portals_sign_in_page_and_comes_back()
    {
        const string target = "/grafana/d/device?orgId=1&var-device=A%2FN";
        using var page = await GetAsync(target, null, ("Accept", "text/html,application/xhtml+xml"), ("Sec-Fetch-Mode", "navigate"));
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal($"/sign-in?returnUrl={Uri.EscapeDataString(target)}", page.Headers.GetValues("Location").Single());
        Assert.True(page.Headers.CacheControl?.NoStore);

        // Old browsers, and those on plain http, say no more than what they want to see.
        using var plain = await GetAsync("/grafana", "theme=dark", ("Accept", "text/html"));
        Assert.Equal("/sign-in?returnUrl=%2Fgrafana", plain.Headers.GetValues("Location").Single());
        Assert.Empty(grafana.Backend.Seen);
    }

    [Fact]
    public async Task A_script_that_is_signed_out_is_told_so_and_not_sent_to_a_page()
    {
        foreach (var headers in new (string, string)[][]
        {
            [("Accept", "application/json")],
            [("Accept", "text/html"), ("X-Requested-With", "XMLHttpRequest")],
            [("Accept", "text/html"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Site", "same-origin")],
            [],
        })
        {
            using var response = await GetAsync("/grafana/api/ds/query", "portal-session=ended", headers);
            await ProblemAssert.IsAsync(HttpStatusCode.Unauthorized, "unauthenticated", response);
        }

        using var post = await gateway.SendAsync(Host, Request(HttpMethod.Post, "/grafana/api/ds/query", "portal-session=ended", ("Accept", "text/html")));
        await ProblemAssert.IsAsync(HttpStatusCode.Unauthorized, "unauthenticated", post);
        Assert.Empty(grafana.Backend.Seen);
    }

    [Fact]
    public async Task An_answer_of_the_API_is_believed_for_seconds_and_a_signed_out_session_loses_Grafana_after_them()
    {
        for (var i = 0; i < 5; i++) Assert.Equal("boss@abc.example is Editor", await TextAsync(Admin));
        Assert.Equal(1, api.Asked);

        api.Sessions.Clear();
        Assert.Equal("boss@abc.example is Editor", await TextAsync(Admin));
        time.Advance(SessionChecks.BelievedFor);
        using var response = await GetAsync("/grafana/", Admin);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(2, api.Asked);
    }

    [Fact]
    public async Task A_role_that_was_taken_away_is_gone_after_seconds_too()
    {
        Assert.Equal("boss@abc.example is Editor", await TextAsync(Admin));
        api.Sessions["admin"] = ("boss@abc.example", "Viewer");
        time.Advance(SessionChecks.BelievedFor);
        Assert.Equal("boss@abc.example is Viewer", await TextAsync(Admin));
    }

    [Fact]
    public async Task An_API_that_is_away_or_failing_is_an_outage_and_signs_nobody_out()
    {
        foreach (var failure in new[] { 500, 503, 404, 429 })
        {
            api.Failing = failure;
            using var response = await GetAsync("/grafana/", Admin, ("Accept", "text/html"));
            await ProblemAssert.IsAsync(HttpStatusCode.ServiceUnavailable, "unavailable", response);
            Assert.NotNull(response.Headers.RetryAfter);
        }

        api.Failing = 0;
        Assert.Equal("boss@abc.example is Editor", await TextAsync(Admin));

        await api.DisposeAsync();
        time.Advance(SessionChecks.BelievedFor);
        using var away = await GetAsync("/grafana/", Admin);
        await ProblemAssert.IsAsync(HttpStatusCode.ServiceUnavailable, "unavailable", away);

        await using var again = await ApiStandIn.StartAsync(api.Address);
        again.Sessions["admin"] = ("boss@abc.example", "Admin");
        Assert.Equal("boss@abc.example is Editor", await TextAsync(Admin));
        Assert.Single(grafana.Users);
    }

    [Fact]
    public async Task Another_address_of_the_API_is_asked_where_one_is_away()
    {
        var away = await ApiStandIn.StartAsync();
        await away.DisposeAsync();
        gateway.Write("abc0001.json", GatewayHost.Stack(Host, ("api", away.Address), ("api", api.Address), ("grafana", grafana.Address)));
        await gateway.RoutedAsync(2);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("boss@abc.example is Editor", await TextAsync(Admin));
            time.Advance(SessionChecks.BelievedFor);
        }
    }

    [Fact]
    public async Task A_session_of_one_stack_opens_no_Grafana_of_another()
    {
        Assert.Equal("boss@abc.example is Editor", await TextAsync(Admin));
        using var response = await gateway.SendAsync(Other, Request(HttpMethod.Get, "/grafana/", Admin));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(1, otherApi.Asked);
        Assert.Empty(otherGrafana.Backend.Seen);
    }

    [Fact]
    public async Task The_operators_Grafana_shows_every_customers_figures_to_admins_alone()
    {
        using var admin = await gateway.SendAsync(Fleet, Request(HttpMethod.Get, "/grafana/", Admin));
        Assert.Equal("boss@abc.example is Editor", await admin.Content.ReadAsStringAsync());
        using var viewer = await gateway.SendAsync(Fleet, Request(HttpMethod.Get, "/grafana/", Viewer));
        await ProblemAssert.IsAsync(HttpStatusCode.Forbidden, "forbidden", viewer);
    }

    [Fact]
    public async Task An_admin_who_has_to_set_up_two_factor_first_gets_no_Grafana_and_is_led_to_where_that_is_done()
    {
        api.Sessions["admin"] = ("boss@abc.example", "AdminWithoutTwoFactor");
        foreach (var host in new[] { Host, Fleet })
        {
            using var page = await gateway.SendAsync(host, Request(HttpMethod.Get, "/grafana/", Admin, ("Accept", "text/html"), ("Sec-Fetch-Mode", "navigate")));
            Assert.Equal((HttpStatusCode.Redirect, "/account"), (page.StatusCode, page.Headers.GetValues("Location").Single()));
            using var script = await gateway.SendAsync(host, Request(HttpMethod.Get, "/grafana/api/user", Admin));
            await ProblemAssert.IsAsync(HttpStatusCode.Forbidden, "two-factor-setup", script);
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<WebSocketException>(() => LiveAsync(Admin, null, deadline.Token));
        Assert.Empty(grafana.Backend.Seen);
        Assert.Empty(fleetGrafana.Backend.Seen);
    }

    [Fact]
    public async Task Its_answers_carry_no_frame_rule_so_that_the_portal_can_show_its_panels()
    {
        using var response = await GetAsync("/grafana/d-solo/device", Admin, ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("X-Frame-Options"));
        Assert.False(response.Headers.Contains("Content-Security-Policy"));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("GET", "same-site", "navigate", "document", null, true)]
    [InlineData("GET", "cross-site", "navigate", "document", null, true)]
    [InlineData("GET", "none", "navigate", "document", null, true)]
    [InlineData("POST", "same-origin", "cors", "empty", "http://abc0001.localhost", true)]
    [InlineData("POST", null, null, null, "http://abc0001.localhost", true)]
    [InlineData("POST", null, null, null, null, true)]
    // A neighbour's page that shows Grafana in a frame, reads it by script, or writes to it.
    [InlineData("GET", "same-site", "navigate", "iframe", null, false)]
    [InlineData("GET", "same-site", "no-cors", "image", null, false)]
    [InlineData("GET", "cross-site", "cors", "empty", "http://evil.example", false)]
    [InlineData("POST", "same-site", "navigate", "document", "http://xyz0002.localhost", false)]
    [InlineData("POST", null, null, null, "http://xyz0002.localhost", false)]
    [InlineData("POST", null, null, null, "null", false)]
    [InlineData("POST", null, null, null, "https://abc0001.localhost", false)]
    public async Task Pages_of_other_sites_may_link_to_it_and_no_more(string method, string? site, string? mode, string? destination, string? origin, bool admitted)
    {
        List<(string, string)> headers = [("Accept", "text/html")];
        foreach (var (name, value) in new[] { ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", destination), ("Origin", origin) })
            if (value is not null) headers.Add((name, value));
        using var response = await gateway.SendAsync(Host, Request(HttpMethod.Parse(method), "/grafana/api/dashboards", Admin, [.. headers]));

        if (admitted) Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else await ProblemAssert.IsAsync(HttpStatusCode.Forbidden, "cross-site", response);
    }

    [Fact]
    public async Task Live_figures_come_by_a_web_socket_that_ends_with_the_session()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = await LiveAsync(Admin, null, deadline.Token);
        var buffer = new byte[64];
        Assert.Equal(9, (await socket.ReceiveAsync(buffer, deadline.Token)).Count);

        // An outage of the API, and time, cut nobody off.
        api.Failing = 503;
        await TickUntilAskedAsync();
        Assert.Equal(WebSocketState.Open, socket.State);
        api.Failing = 0;
        await TickUntilAskedAsync();
        Assert.Equal(WebSocketState.Open, socket.State);

        api.Sessions.Clear();
        var ended = socket.ReceiveAsync(buffer, deadline.Token);
        while (!ended.IsCompleted)
        {
            time.Advance(SessionChecks.BelievedFor);
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token));
        }

        await Assert.ThrowsAsync<WebSocketException>(() => ended);
    }

    [Fact]
    public async Task No_web_socket_opens_for_somebody_signed_out_or_for_a_neighbours_page()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<WebSocketException>(() => LiveAsync("portal-session=ended", null, deadline.Token));
        await Assert.ThrowsAsync<WebSocketException>(() => LiveAsync(Admin, "http://xyz0002.localhost", deadline.Token));
        Assert.Empty(grafana.Backend.Seen);
        using var own = await LiveAsync(Admin, $"http://{Host}", deadline.Token);
        Assert.Equal(WebSocketState.Open, own.State);
    }

    private async Task TickUntilAskedAsync()
    {
        var asked = api.Asked;
        await Eventually.TrueAsync("the API is asked again", () =>
        {
            time.Advance(SessionChecks.BelievedFor);
            return Task.FromResult(api.Asked > asked);
        });
    }

    private async Task<ClientWebSocket> LiveAsync(string cookie, string? origin, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", Host);
        socket.Options.SetRequestHeader("Cookie", cookie);
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.PublicAddress.Port}/grafana/api/live/ws"), cancellationToken);
        return socket;
    }

    private async Task<string> TextAsync(string cookie)
    {
        using var response = await GetAsync("/grafana/", cookie);
        return await response.Content.ReadAsStringAsync();
    }

    private Task<HttpResponseMessage> GetAsync(string path, string? cookie, params (string Name, string Value)[] headers) =>
        gateway.SendAsync(Host, Request(HttpMethod.Get, path, cookie, headers));

    private static HttpRequestMessage Request(HttpMethod method, string path, string? cookie, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
