using Fleet.Aggregator.Customers;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Dashboard;

/// <summary>What operators look at. For them only.</summary>
internal static class DashboardEndpoints
{
    public static void MapDashboard(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/fleet").WithTags("Dashboard").RequireAuthorization(Operators.Policy);
        group.MapGet("/dashboard", FleetAsync);
        group.MapGet("/customers/{id:int}/detail", CustomerAsync);
    }

    private static async Task<Ok<FleetDashboard>> FleetAsync(RecentDashboard dashboard, CancellationToken cancellationToken) =>
        TypedResults.Ok(await dashboard.GetAsync(cancellationToken));

    private static async Task<Results<Ok<CustomerDetail>, NotFound>> CustomerAsync(
        DetailQueries queries,
        int id,
        CancellationToken cancellationToken
    ) => await queries.FindAsync(id, cancellationToken) is { } detail ? TypedResults.Ok(detail) : TypedResults.NotFound();
}
