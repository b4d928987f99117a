using Fleet.Aggregator.Customers;
using Fleet.Aggregator.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts;
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
        group.MapGet("/customers/{id:int}/sites", SitesAsync);
        group.MapGet("/customers/{id:int}/devices", DevicesAsync);
    }

    private static async Task<Ok<FleetDashboard>> FleetAsync(RecentDashboard dashboard, CancellationToken cancellationToken) =>
        TypedResults.Ok(await dashboard.GetAsync(cancellationToken));

    private static async Task<Results<Ok<CustomerDetail>, NotFound>> CustomerAsync(
        DetailQueries queries,
        int id,
        CancellationToken cancellationToken
    ) => await queries.FindAsync(id, cancellationToken) is { } detail ? TypedResults.Ok(detail) : TypedResults.NotFound();

    private static Task<Results<Ok<Page<FleetSite>>, NotFound, ValidationProblem>> SitesAsync(
        CatalogueQueries catalogue,
        FleetDbContext fleet,
        int id,
        string? cursor,
        CancellationToken cancellationToken
    ) => PageAsync(fleet, id, cursor, after => catalogue.SitesAsync(id, after, cancellationToken), cancellationToken);

    private static Task<Results<Ok<Page<FleetDevice>>, NotFound, ValidationProblem>> DevicesAsync(
        CatalogueQueries catalogue,
        FleetDbContext fleet,
        int id,
        string? cursor,
        CancellationToken cancellationToken
    ) => PageAsync(fleet, id, cursor, after => catalogue.DevicesAsync(id, after, cancellationToken), cancellationToken);

    private static async Task<Results<Ok<Page<T>>, NotFound, ValidationProblem>> PageAsync<T>(
        FleetDbContext fleet,
        int id,
        string? cursor,
        Func<long, Task<Page<T>>> ask,
        CancellationToken cancellationToken
    )
    {
        if (KeyCursor.Read(cursor, first: 0, out var after) is { } invalid)
        {
            return invalid;
        }

        var page = await ask(after);
        return page.Items.Count > 0 || await fleet.Customers.AnyAsync(customer => customer.Id == id, cancellationToken) ? TypedResults.Ok(page) : TypedResults.NotFound();
    }
}
