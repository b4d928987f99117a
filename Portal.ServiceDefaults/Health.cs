using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Portal.ServiceDefaults;

/// <summary>
/// <c>/health</c> says that the process lives, <c>/health/ready</c> that it can do its work. Both answer plain
/// <c>Healthy</c> with 200 or <c>Unhealthy</c> with 503, to anybody: why a service isn't ready stands in its log only.
/// </summary>
public static class Health
{
    /// <summary>Tag of checks that decide about <c>/health</c>.</summary>
    public const string Live = "live";

    /// <summary>Tag of checks that decide about <c>/health/ready</c>.</summary>
    public const string Ready = "ready";

    /// <summary>Maps both endpoints, anonymous; conventions can be added to what it returns.</summary>
    public static RouteGroupBuilder MapDefaultEndpoints(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("");
        group.MapHealthChecks("/health", Answer(Live));
        group.MapHealthChecks("/health/ready", Answer(Ready));
        group.AllowAnonymous().DisableHttpMetrics();
        return group;
    }

    internal static void AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);
        services.AddSingleton<ReadinessLog>();
    }

    private static HealthCheckOptions Answer(string tag) => new()
    {
        Predicate = check => check.Tags.Contains(tag),
        ResponseWriter = (http, report) =>
        {
            if (tag == Ready) http.RequestServices.GetRequiredService<ReadinessLog>().Note(report);
            http.Response.ContentType = "text/plain; charset=utf-8";
            return http.Response.WriteAsync(report.Status == HealthStatus.Unhealthy ? "Unhealthy" : "Healthy", http.RequestAborted);
        },
    };
}
