using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Gateway.Routing;
using Portal.ServiceDefaults;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Portal.Gateway.Forwarding;

/// <summary>The gateway's own answers: where it has nothing to forward to, won't, or got no answer.</summary>
internal static class Refusals
{
    // A restarted service answers after two to five seconds.
    private const int RetryAfterSeconds = 5;

    /// <summary>A host that no stack has. It says the same about every host, so that nobody can find out customers' names by it.</summary>
    public static ProblemHttpResult NotFound() => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound, title: "Not Found", type: Problems.Type("not-found"));

    /// <summary>A path of a service that this stack doesn't have. Runs between routing and the proxy.</summary>
    public static Task NoSuchService(HttpContext http, RequestDelegate next)
    {
        var route = http.GetEndpoint()?.Metadata.GetMetadata<RouteModel>();
        if (route is null || route.Config.ClusterId is not null) return next(http);

        var service = route.Config.Metadata![RouteTable.ServiceKey];
        return service == RouteTable.Name(Stacks.Service.Grafana)
            ? Answer(http, 404, "grafana-not-configured", "No Grafana is configured for this portal.")
            : Answer(http, 404, "not-found", "Not Found");
    }

    /// <summary>An announced length beyond the limit is refused before the service is bothered.</summary>
    public static Task TooLarge(HttpContext http, RequestDelegate next)
    {
        var limit = http.GetRouteModel().Config.MaxRequestBodySize;
        return http.Request.ContentLength > limit ? AnswerTooLarge(http, limit) : next(http);
    }

    /// <summary>Turns a failed forwarding into a problem, as long as no byte of an answer went out.</summary>
    public static async Task NoAnswer(HttpContext http, RequestDelegate next)
    {
        await next(http);

        var failure = http.GetForwarderErrorFeature();
        if (failure is null || http.RequestAborted.IsCancellationRequested) return;

        var route = http.GetRouteModel().Config;
        var service = route.Metadata![RouteTable.ServiceKey];
        if (failure.Error is not (ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled or ForwarderError.RequestCanceled
            or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeResponseCanceled or ForwarderError.ResponseBodyCanceled
            or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient or ForwarderError.ResponseBodyClient))
        {
            http.RequestServices.GetRequiredService<GatewayInstruments>().Failed(route.Metadata[RouteTable.StackKey], service, failure.Error);
            http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Refusals).FullName!).LogWarning(
                "{Service} of {Stack} failed {Method} {Path} ({Failure}): {Reason}", service, route.Metadata[RouteTable.StackKey],
                http.Request.Method, http.Request.Path.Value, failure.Error, failure.Exception?.GetBaseException().Message ?? "no address left");
        }

        if (http.Response.HasStarted) return;

        var status = http.Response.StatusCode;
        if (status == StatusCodes.Status413PayloadTooLarge)
        {
            await AnswerTooLarge(http, route.MaxRequestBodySize);
            return;
        }

        if (status < 500)
        {
            await Answer(http, status, Problems.KindOf(status), "The request could not be read to its end.");
            return;
        }

        // Nobody listens: the request was not delivered, that is an outage. What broke off later may have been done.
        if (failure.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
            status = StatusCodes.Status503ServiceUnavailable;

        http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        await Answer(http, status, Problems.KindOf(status), status switch
        {
            StatusCodes.Status503ServiceUnavailable => "This part of the portal is not available at the moment.",
            StatusCodes.Status504GatewayTimeout => "This part of the portal did not answer in time.",
            _ => "This part of the portal broke off its answer.",
        });
    }

    private static Task AnswerTooLarge(HttpContext http, long? limit) => Answer(
        http, StatusCodes.Status413PayloadTooLarge, "too-large", $"The body is larger than the {limit / (1024 * 1024)} MiB allowed here.");

    /// <summary>A refusal; of the kind of its status code where it isn't told apart.</summary>
    public static Task AnswerAsync(HttpContext http, int status, string title, string? kind = null) =>
        Answer(http, status, kind ?? Problems.KindOf(status), title);

    /// <summary>An outage: nobody was asked, or nobody answered.</summary>
    public static Task UnavailableAsync(HttpContext http, string title)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, title);
    }

    private static Task Answer(HttpContext http, int status, string kind, string title) =>
        TypedResults.Problem(statusCode: status, title: title, type: Problems.Type(kind)).ExecuteAsync(http);
}
