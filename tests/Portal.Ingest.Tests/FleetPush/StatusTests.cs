using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Contracts.Fleet;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.FleetPush;

/// <summary>Who may see how the push goes, and what they see. The stack's API stands in as a small server that knows three cookies.</summary>
public sealed class StatusTests : IAsyncLifetime
{
    private readonly WebApplication api = Api();

    private string Address => api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public Task InitializeAsync() => api.StartAsync();

    public async Task DisposeAsync() => await api.DisposeAsync();

    [PostgresFact]
    public async Task Admins_see_how_the_push_goes_and_nobody_else_does()
    {
        await using var stack = await PushStack.StartAsync(new() { ["services:api:http:0"] = Address });
        await stack.DeviceAsync(await stack.SiteAsync(), "A");
        await stack.PostAsync("A", new DateTimeOffset(2026, 11, 1, 6, 0, 0, default), 10);
        await stack.AssertSameAsync();
        await Eventually.TrueAsync(async () => (await stack.StateAsync())!.Ledger is { Proven: 1 }, "the day is proven");

        using var answer = await AskAsync(stack.Host, "admin");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var status = (await answer.Content.ReadFromJsonAsync<FleetPushStatus>())!;
        Assert.Equal(
            new FleetPushStatus(true, "127.0.0.1", true, status.LastSuccessAt, null, 0, false, null, null, 0, new PushLedgerStatus(1, 0, 0, status.Ledger?.LastExchangeAt)),
            status
        );
        Assert.NotNull(status.LastSuccessAt);
        Assert.NotNull(status.Ledger?.LastExchangeAt);

        stack.Fleet.Fail(500, int.MaxValue);
        await stack.PostAsync("A", new DateTimeOffset(2026, 11, 2, 6, 0, 0, default), 10);
        await Eventually.TrueAsync(async () => await StatusAsync(stack.Host) is { BacklogRows: 10, LagSeconds: > 0, LastError.Length: > 0 }, "it shows the backlog");

        Assert.Equal(HttpStatusCode.Forbidden, await CodeAsync(stack.Host, "viewer"));
        Assert.Equal(HttpStatusCode.Forbidden, await CodeAsync(stack.Host, "unfinished"));
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(stack.Host, "nobody"));
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(stack.Host, null));

        // A meter's key opens no status, and a session posts no measurements.
        using var byKey = new HttpRequestMessage(HttpMethod.Get, "/api/fleet-push/status");
        byKey.Headers.Authorization = new AuthenticationHeaderValue("Bearer", stack.Host.Key.Reveal());
        Assert.Equal(HttpStatusCode.Unauthorized, (await stack.Host.Client.SendAsync(byKey)).StatusCode);
        using var bySession = new HttpRequestMessage(HttpMethod.Post, "/api/ingest/measurements") { Content = JsonContent.Create(new { measurements = Array.Empty<object>() }) };
        bySession.Headers.Add("Cookie", "portal-session=admin");
        Assert.Equal(HttpStatusCode.Unauthorized, (await stack.Host.Client.SendAsync(bySession)).StatusCode);
    }

    [PostgresFact]
    public async Task A_stack_that_does_not_push_says_just_that()
    {
        await using var host = await IngestHost.StartNewAsync("status", new Dictionary<string, string> { ["services:api:http:0"] = Address });

        Assert.Equal(new FleetPushStatus(false, null, false, null, null, 0, false, null, null, 0, null), await StatusAsync(host));
    }

    private static async Task<FleetPushStatus?> StatusAsync(IngestHost host)
    {
        using var answer = await AskAsync(host, "admin");
        return await answer.Content.ReadFromJsonAsync<FleetPushStatus>();
    }

    private static async Task<HttpStatusCode> CodeAsync(IngestHost host, string? session)
    {
        using var answer = await AskAsync(host, session);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> AskAsync(IngestHost host, string? session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/fleet-push/status");
        if (session is not null)
        {
            request.Headers.Add("Cookie", $"portal-session={session}");
        }

        return await host.Client.SendAsync(request);
    }

    private static WebApplication Api()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/api/auth/check", (HttpContext http) =>
        {
            var session = http.Request.Cookies["portal-session"];
            if (session is not ("admin" or "viewer" or "unfinished"))
            {
                return Results.Unauthorized();
            }

            http.Response.Headers["X-Webauth-User"] = $"{session}@example.com";
            http.Response.Headers["X-Webauth-Role"] = session switch { "admin" => "Admin", "viewer" => "Viewer", _ => "AdminWithoutTwoFactor" };
            return session == "unfinished" ? Results.StatusCode(403) : Results.NoContent();
        });
        return app;
    }
}
