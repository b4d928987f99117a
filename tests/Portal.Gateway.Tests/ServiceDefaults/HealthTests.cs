using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portal.ServiceDefaults;

namespace Portal.Gateway.Tests.ServiceDefaults;

public sealed class HealthTests
{
    [Fact]
    public async Task A_service_that_is_not_ready_lives_all_the_same_and_says_why_in_its_log_only_once()
    {
        var result = HealthCheckResult.Unhealthy("migrations are not applied");
        await using var service = await DefaultService.StartAsync(services: services =>
            services.AddHealthChecks().AddCheck("database", () => result, tags: [Health.Ready]));

        for (var i = 0; i < 3; i++)
        {
            using var ready = await service.Client.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Equal("text/plain", ready.Content.Headers.ContentType?.MediaType);
            Assert.Equal("Unhealthy", await ready.Content.ReadAsStringAsync());
        }

        using var alive = await service.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal("Healthy", await alive.Content.ReadAsStringAsync());

        result = HealthCheckResult.Degraded("slow");
        Assert.Equal("Healthy", await service.Client.GetStringAsync("/health/ready"));
        Assert.Equal(["Not ready: database: migrations are not applied", "Ready"], service.Log.GetSnapshot()
            .Where(line => line.Category!.Contains("HealthCheck", StringComparison.Ordinal) || line.Category.Contains("Readiness", StringComparison.Ordinal))
            .Select(line => line.Message));
    }

    [Fact]
    public async Task Health_needs_no_sign_in_where_everything_else_does()
    {
        await using var service = await DefaultService.StartAsync(
            map: app =>
            {
                app.UseAuthorization();
                app.MapGet("/secret", () => "secret");
            },
            services: services =>
            {
                services.AddAuthentication("none").AddCookie("none", cookie => cookie.Events.OnRedirectToLogin = context =>
                {
                    context.Response.StatusCode = 401;
                    return Task.CompletedTask;
                });
                services.AddAuthorizationBuilder().SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            });

        using var secret = await service.Client.GetAsync("/secret");
        await ProblemAssert.IsAsync(HttpStatusCode.Unauthorized, "unauthenticated", secret);
        Assert.Equal("Healthy", await service.Client.GetStringAsync("/health"));
        Assert.Equal("Healthy", await service.Client.GetStringAsync("/health/ready"));
    }
}
