using System.Globalization;
using System.Text.Json;
using Fleet.Aggregator.Customers;
using Fleet.Aggregator.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts;
using Portal.Contracts.Audit;

namespace Fleet.Aggregator.Audit;

/// <summary><c>GET /api/fleet/audit</c>: every administrative change of the fleet, newest first.</summary>
internal static class AuditEndpoints
{
    private const int PageSize = 100;

    public static void MapAudit(this IEndpointRouteBuilder app) =>
        app.MapGroup("/api/fleet/audit").WithTags("Audit").RequireAuthorization(Operators.Policy).MapGet("/", ListAsync);

    private static async Task<Results<Ok<Page<AuditItem>>, ValidationProblem>> ListAsync(
        FleetDbContext fleet,
        string? cursor,
        CancellationToken cancellationToken
    )
    {
        if (KeyCursor.Read(cursor, first: long.MaxValue, out var before) is { } invalid)
        {
            return invalid;
        }

        var entries = await fleet
            .AuditEntries.AsNoTracking()
            .Where(entry => entry.Id < before)
            .OrderByDescending(entry => entry.Id)
            .Take(PageSize + 1)
            .ToListAsync(cancellationToken);
        var page = KeyCursor.Cut(entries, PageSize, entry => entry.Id);
        return TypedResults.Ok(new Page<AuditItem>([.. page.Items.Select(Item)], page.Next));
    }

    private static AuditItem Item(AuditEntry entry) =>
        new(
            entry.Id.ToString(CultureInfo.InvariantCulture),
            entry.At,
            entry.Actor,
            entry.Action,
            entry.Subject,
            JsonSerializer.Deserialize<JsonElement>(entry.Details)
        );
}
