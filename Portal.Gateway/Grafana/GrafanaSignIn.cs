using Microsoft.AspNetCore.Http.Features;
using Portal.Gateway.Forwarding;
using Portal.Gateway.Routing;
using Portal.Gateway.Stacks;
using Portal.ServiceDefaults;
using Portal.ServiceDefaults.Sessions;
using Yarp.ReverseProxy.Model;

namespace Portal.Gateway.Grafana;

/// <summary>
/// Lets people in to their stack's Grafana by the portal's session. Grafana's <c>auth.proxy</c> believes two headers, which nobody but
/// this sets (<see cref="GrafanaHeaders"/>). Who is signed out is shown the portal's sign-in page, and comes back from there.
/// </summary>
internal sealed class GrafanaSignIn(GrafanaSessions sessions, ProxyRoutes routes, TimeProvider time)
{
    private static readonly string Name = RouteTable.Name(Service.Grafana);

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var metadata = http.GetRouteModel().Config.Metadata!;
        return metadata[RouteTable.ServiceKey] == Name ? SignInAsync(http, next, metadata[RouteTable.StackKey]) : next(http);
    }

    private async Task SignInAsync(HttpContext http, RequestDelegate next, string stack)
    {
        if (ForeignPages.Sent(http.Request))
        {
            await Refusals.AnswerAsync(http, StatusCodes.Status403Forbidden, "This request came from a page of another site.", ForeignPages.ProblemKind);
            return;
        }

        var cookies = SessionCookies.Of(http.Request);
        SignedInPerson? person;
        try
        {
            person = cookies is null ? null : await sessions.WhoAsync(stack, cookies, http.RequestAborted);
        }
        catch (SessionCheckUnavailableException)
        {
            await Refusals.UnavailableAsync(http, "Sign-in can't be checked at the moment.");
            return;
        }

        if (person is null) await AskToSignInAsync(http);
        else if (person.MustSetUpTwoFactor) await AskForTwoFactorAsync(http);
        else if (routes.StackOf(stack) is { IsOperators: true } && person.Role != GrafanaHeaders.AdminRole)
            await Refusals.AnswerAsync(http, StatusCodes.Status403Forbidden, "Figures of all customers are for admins.");
        else await LetInAsync(http, next, stack, cookies!, person);
    }

    private async Task LetInAsync(HttpContext http, RequestDelegate next, string stack, string cookies, SignedInPerson person)
    {
        http.Features.Set(person);
        if (!IsSocket(http))
        {
            await next(http);
            return;
        }

        using var closed = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var watch = CutOffAsync(http, stack, cookies, person, closed.Token);
        try
        {
            await next(http);
        }
        finally
        {
            await closed.CancelAsync();
            await watch;
        }
    }

    // A socket (Grafana Live) may stay open for days: it ends when the session does, or the role changes.
    private async Task CutOffAsync(HttpContext http, string stack, string cookies, SignedInPerson person, CancellationToken closed)
    {
        using var timer = new PeriodicTimer(SessionChecks.BelievedFor, time);
        try
        {
            while (await timer.WaitForNextTickAsync(closed))
            {
                try
                {
                    if (await sessions.WhoAsync(stack, cookies, closed) == person) continue;
                    http.Abort();
                    return;
                }
                catch (SessionCheckUnavailableException)
                {
                    // An outage signs nobody out.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Closed by either side.
        }
    }

    private static Task AskToSignInAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!IsPage(http.Request)) return Refusals.AnswerAsync(http, StatusCodes.Status401Unauthorized, "Sign in to the portal first.");

        var back = http.Features.Get<IHttpRequestFeature>()!.RawTarget is ['/', ..] target ? target : "/grafana/";
        http.Response.Redirect($"/sign-in?returnUrl={Uri.EscapeDataString(back)}");
        return Task.CompletedTask;
    }

    private static Task AskForTwoFactorAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!IsPage(http.Request)) return TwoFactorSetup.RefuseAsync(http);
        http.Response.Redirect("/account");
        return Task.CompletedTask;
    }

    // What a browser opens, in a tab or a frame; a script wants an answer that it can read.
    private static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && !IsSocket(request.HttpContext)
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && request.Headers["Sec-Fetch-Mode"].ToArray() is [] or ["navigate"]
        && request.Headers.XRequestedWith.Count == 0;

    private static bool IsSocket(HttpContext http) =>
        http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } || http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
