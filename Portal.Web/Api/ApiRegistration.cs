using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Portal.Web.Api;

internal static class ApiRegistration
{
    /// <summary>The typed clients, found by service discovery as <c>http://api</c>, <c>http://ingest</c> and <c>http://aggregator</c>.</summary>
    public static void AddApis(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddScoped<Caller>();
        services.AddScoped<CircuitHandler, CallerCircuit>();
        services.AddHttpClient<PortalApi>(http => http.BaseAddress = new Uri("http://api")).WithoutCookies();
        services.AddHttpClient<IngestApi>(http => http.BaseAddress = new Uri("http://ingest")).WithoutCookies();
        services.AddHttpClient<FleetApi>(http => http.BaseAddress = new Uri("http://aggregator")).WithoutCookies();
    }

    // Handlers are shared by everybody: cookies are each caller's, never the client's own.
    private static void WithoutCookies(this IHttpClientBuilder client) =>
        client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
}
