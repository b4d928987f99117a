using System.Data.Common;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portal.ServiceDefaults;

namespace Portal.Gateway.Tests.ServiceDefaults;

public sealed class ProblemTests
{
    [Fact]
    public async Task Every_error_is_a_problem_with_a_type_of_ours()
    {
        await using var service = await DefaultService.StartAsync(app =>
        {
            app.MapGet("/plain", () => Results.Problem(statusCode: 409));
            app.MapGet("/own", () => Results.Problem(statusCode: 400, type: Problems.Type("future-time")));
            app.MapGet("/validation", () => Results.ValidationProblem(new Dictionary<string, string[]> { ["name"] = ["is required"] }));
            app.MapGet("/bare", () => Results.StatusCode(429));
            app.MapPost("/json", (Dictionary<string, int> body) => body.Count);
        });

        foreach (var (path, status, kind) in new[]
        {
            ("/plain", HttpStatusCode.Conflict, "conflict"), ("/own", HttpStatusCode.BadRequest, "future-time"),
            ("/validation", HttpStatusCode.BadRequest, "invalid-request"), ("/bare", HttpStatusCode.TooManyRequests, "too-many-requests"),
            ("/nothing", HttpStatusCode.NotFound, "not-found"), ("/json", HttpStatusCode.MethodNotAllowed, "method-not-allowed"),
        })
        {
            using var response = await service.Client.GetAsync(path);
            await ProblemAssert.IsAsync(status, kind, response);
        }

        using var broken = await service.Client.PostAsync("/json", new StringContent("{\"a\":", Encoding.UTF8, "application/json"));
        await ProblemAssert.IsAsync(HttpStatusCode.BadRequest, "bad-request", broken);
        using var form = await service.Client.PostAsync("/json", new StringContent("a=1", Encoding.UTF8, "application/x-www-form-urlencoded"));
        await ProblemAssert.IsAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type", form);
        Assert.DoesNotContain(service.Log.GetSnapshot(), line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_body_that_Kestrel_refuses_is_the_callers_mistake_also_where_the_endpoint_reads_it_itself()
    {
        await using var service = await DefaultService.StartAsync(app =>
            app.MapPost("/raw", async (HttpRequest request) => await request.Body.CopyToAsync(Stream.Null))
                .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(10)));

        using var response = await service.Client.PostAsync("/raw", new StringContent(new string('x', 11)));

        await ProblemAssert.IsAsync(HttpStatusCode.RequestEntityTooLarge, "too-large", response);
        Assert.DoesNotContain(service.Log.GetSnapshot(), line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_bug_tells_the_caller_nothing_and_the_log_everything()
    {
        await using var service = await DefaultService.StartAsync(app => app.MapGet("/bug", string () => throw new InvalidOperationException("the innermost")));

        using var response = await service.Client.GetAsync("/bug");

        Assert.DoesNotContain("innermost", await ProblemAssert.IsAsync(HttpStatusCode.InternalServerError, "internal-error", response), StringComparison.Ordinal);
        Assert.Contains(service.Log.GetSnapshot(), line => line.Level == LogLevel.Error && line.Exception?.Message == "the innermost");
    }

    [Fact]
    public async Task A_database_that_is_away_is_an_outage_with_a_time_to_come_back()
    {
        await using var service = await DefaultService.StartAsync(app =>
        {
            app.MapGet("/away", string () => throw new InvalidOperationException("wrapped", new DatabaseAway(isTransient: true)));
            app.MapGet("/broken", string () => throw new DatabaseAway(isTransient: false));
        });

        using var away = await service.Client.GetAsync("/away");
        await ProblemAssert.IsAsync(HttpStatusCode.ServiceUnavailable, "unavailable", away);
        Assert.Equal(TimeSpan.FromSeconds(5), away.Headers.RetryAfter?.Delta);
        Assert.Equal(LogLevel.Warning, Assert.Single(service.Log.GetSnapshot(), line => line.Level >= LogLevel.Warning).Level);

        using var broken = await service.Client.GetAsync("/broken");
        await ProblemAssert.IsAsync(HttpStatusCode.InternalServerError, "internal-error", broken);
    }

    private sealed class DatabaseAway(bool isTransient) : DbException("terminating connection due to administrator command")
    {
        public override bool IsTransient => isTransient;
    }
}
