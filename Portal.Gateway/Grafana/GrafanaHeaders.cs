using Portal.Gateway.Routing;
using Portal.Gateway.Stacks;
using Portal.ServiceDefaults.Sessions;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Portal.Gateway.Grafana;

/// <summary>
/// What Grafana is told of a person: <c>X-WEBAUTH-USER</c> (the email) and <c>X-WEBAUTH-ROLE</c>. Nobody becomes more than an editor:
/// data sources and users are made by provisioning and by the portal. It gets neither the portal's session nor a password or key
/// of its own by which somebody could sign in past the portal.
/// </summary>
internal static class GrafanaHeaders
{
    public const string User = "X-WEBAUTH-USER";
    public const string Role = "X-WEBAUTH-ROLE";

    /// <summary>Name of the portal's role that becomes Grafana's <c>Editor</c>; any other is a <c>Viewer</c>.</summary>
    public const string AdminRole = "Admin";

    /// <summary>After the claims of the caller were taken away.</summary>
    public static void Add(TransformBuilderContext context)
    {
        // Answers to an authority are forwarded without a route.
        if (context.Route?.Metadata?.GetValueOrDefault(RouteTable.ServiceKey) != RouteTable.Name(Service.Grafana)) return;
        context.AddRequestTransform(transform =>
        {
            var (http, headers) = (transform.HttpContext, transform.ProxyRequest.Headers);
            var person = http.Features.Get<SignedInPerson>() is { MustSetUpTwoFactor: false } known ? known
                : throw new InvalidOperationException("Nobody is let in to Grafana who isn't known, or has to set up two-factor first.");
            headers.Remove("Authorization");
            headers.Remove("Cookie");
            if (SessionCookies.Others(http.Request) is { } cookies) headers.TryAddWithoutValidation("Cookie", cookies);
            headers.TryAddWithoutValidation(User, person.User);
            headers.TryAddWithoutValidation(Role, person.Role == AdminRole ? "Editor" : "Viewer");
            return ValueTask.CompletedTask;
        });
    }
}
