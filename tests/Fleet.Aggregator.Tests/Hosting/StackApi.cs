using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Aggregator.Tests;

/// <summary>Answers <c>/api/auth/check</c> over real HTTP as a stack's API does: the cookie says who somebody is.</summary>
public sealed class StackApi : IAsyncDisposable
{
    private readonly WebApplication app;

    private StackApi(WebApplication app) => this.app = app;

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>False: every question is answered 500, as by an API whose database is away.</summary>
    public bool Works { get; set; } = true;

    public int Asked { get; private set; }

    public static async Task<StackApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var api = new StackApi(app);
        app.MapGet("/api/auth/check", api.Check);
        await app.StartAsync();
        return api;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private IResult Check(HttpContext context)
    {
        Asked++;
        if (!Works)
        {
            return Results.StatusCode(500);
        }

        if (context.Request.Cookies["portal-session"] is not { } role)
        {
            return Results.Unauthorized();
        }

        context.Response.Headers["X-Webauth-User"] = $"{role}@example.com";
        context.Response.Headers["X-Webauth-Role"] = role;
        return role == "AdminWithoutTwoFactor" ? Results.StatusCode(403) : Results.NoContent();
    }
}
