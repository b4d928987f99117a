using System.Globalization;
using Portal.Gateway.Forwarding;
using Portal.Gateway.Routing;
using Portal.Gateway.Stacks;

namespace Portal.Gateway.Limits;

/// <summary>Refuses what one caller asks too often, before a service is bothered: 429 with <c>Retry-After</c>.</summary>
internal sealed class RateLimits(RateBuckets buckets, ProxyRoutes routes, GatewayInstruments instruments)
{
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var metadata = http.GetRouteModel().Config.Metadata!;
        if (!metadata.TryGetValue(RouteTable.RateKey, out var text)) return next(http);

        var kind = Enum.Parse<RateKind>(text);
        var name = metadata[RouteTable.StackKey];
        // A stack whose file has just gone is counted by the usual rate.
        var rate = routes.StackOf(name)?.Rate(kind) ?? Rate.Usual[kind];
        if (Callers.Of(http.Request, kind) is not { } caller || buckets.Take($"{kind} {name} {caller}", rate) is not { } wait) return next(http);

        instruments.Limited(name, kind);
        http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Refusals.AnswerAsync(http, StatusCodes.Status429TooManyRequests, kind switch
        {
            RateKind.SignIn => "Too many attempts to sign in from this address. Wait as long as Retry-After says.",
            RateKind.Ingest => "Too many posts with this key. Wait as long as Retry-After says; nothing of this one was stored.",
            _ => "Too many pushes with this token. Wait as long as Retry-After says; nothing of this one was stored.",
        });
    }
}
