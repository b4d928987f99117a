using System.Collections.Immutable;

namespace Portal.Gateway.Stacks;

/// <summary>A path of a stack, with all below it.</summary>
/// <param name="Path">Whole segments, <c>/</c> for everything that no other path is.</param>
/// <param name="Service">Who answers.</param>
/// <param name="TakesPosts">Whether bodies may be as large as a module's cache (<c>Gateway__IngestBodyLimitMiB</c>).</param>
/// <param name="Rate">How often one caller may ask; null: as often as it likes.</param>
internal sealed record StackPath(string Path, Service Service, bool TakesPosts = false, RateKind? Rate = null)
{
    /// <summary>For the routing.</summary>
    public string Pattern => Path.TrimEnd('/') + "/{**rest}";
}

/// <summary>
/// Which path of a host goes to which service. Paths match whole segments (<c>/api/fleetfoo</c> is no fleet path), the
/// longest literal path wins.
/// </summary>
internal static class StackPaths
{
    /// <summary>Where a provider sends people back to: each makes the API ask the provider.</summary>
    public const string ProviderCallback = "/api/auth/oidc/callback";

    /// <summary>What the gateway of a stack tells apart.</summary>
    public static readonly ImmutableArray<StackPath> Own =
    [
        new("/", Service.Web),
        new("/sign-in", Service.Web, Rate: RateKind.SignIn),
        new("/account/link", Service.Web, Rate: RateKind.SignIn),
        new("/api", Service.Api),
        new("/api/auth/login", Service.Api, Rate: RateKind.SignIn),
        new("/api/auth/link", Service.Api, Rate: RateKind.SignIn),
        new(ProviderCallback, Service.Api, Rate: RateKind.SignIn),
        new("/health", Service.Api),
        new("/openapi", Service.Api),
        new("/api/ingest", Service.Ingest, TakesPosts: true, Rate: RateKind.Ingest),
        new("/api/fleet-push", Service.Ingest),
        new("/api/fleet", Service.Aggregator),
        new("/api/fleet/ingest", Service.Aggregator, TakesPosts: true, Rate: RateKind.Fleet),
        new("/api/fleet/ledger", Service.Aggregator, Rate: RateKind.Fleet),
        new("/grafana", Service.Grafana),
    ];

    /// <summary>The edge knows no paths: the stack's gateway tells them apart, and counts.</summary>
    public static readonly ImmutableArray<StackPath> Edge = [new("/", Service.Gateway, TakesPosts: true)];

    public static ImmutableArray<StackPath> Of(Stack stack) => stack.IsEdge ? Edge : Own;
}
