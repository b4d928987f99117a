using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.AppHost.Tests.Operations.Deployment;

/// <summary>What stands outside a stack: its public address, which is well, and the operators' stack with its customers.</summary>
internal sealed class OutsideWorld : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OutsideWorld(WebApplication app) => _app = app;

    public IPEndPoint Address => new(IPAddress.Loopback, new Uri(_app.Urls.Single()).Port);

    public Uri Fleet => new(_app.Urls.Single());

    /// <summary>The customers by code, with their tokens.</summary>
    public Dictionary<string, string> Tokens { get; } = [];

    /// <summary>What operators asked for, such as <c>POST /api/fleet/customers</c>.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>The status of <c>/health/ready</c>.</summary>
    public int Ready { get; set; } = 200;

    public static async Task<OutsideWorld> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var world = new OutsideWorld(builder.Build());
        world._app.Run(world.AnswerAsync);
        await world._app.StartAsync();
        return world;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value!);
        if (path.StartsWith("/health", StringComparison.Ordinal))
        {
            context.Response.StatusCode = path == "/health/ready" ? Ready : 200;
            await context.Response.WriteAsync("Healthy");
            return;
        }

        var body = context.Request.HasJsonContentType() ? await JsonDocument.ParseAsync(context.Request.Body) : null;
        if (path == "/api/auth/login")
        {
            if (body!.RootElement.GetProperty("password").GetString() == "operator's") context.Response.Cookies.Append("portal-session", "operator");
            else context.Response.StatusCode = 401;
            return;
        }

        if (path == "/api/auth/logout") return;
        if (context.Request.Cookies["portal-session"] != "operator")
        {
            context.Response.StatusCode = 401;
            return;
        }

        if (method != "GET") Asked.Add($"{method} {path}");
        switch (method)
        {
            case "GET":
                await context.Response.WriteAsJsonAsync(new { items = Tokens.Select((token, at) => new { id = at + 1, code = token.Key, active = true, tokenPrefix = token.Value[..8] }), next = (string?)null });
                break;
            case "POST" when path.EndsWith("/rotate-token", StringComparison.Ordinal):
                var known = Tokens.Keys.ElementAt(int.Parse(path.Split('/')[^2], null) - 1);
                Tokens[known] = $"pft_{known}-other-token-of-this-customer";
                await context.Response.WriteAsJsonAsync(new { token = Tokens[known] });
                break;
            case "POST":
                var code = body!.RootElement.GetProperty("code").GetString()!;
                Tokens[code] = $"pft_{code}-first-token-of-this-customer";
                await context.Response.WriteAsJsonAsync(new { id = Tokens.Count, token = Tokens[code] });
                break;
            default:
                Tokens.Remove(Tokens.Keys.ElementAt(int.Parse(path.Split('/')[^1], null) - 1));
                context.Response.StatusCode = 204;
                break;
        }
    }
}
