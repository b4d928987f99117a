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
        var before = long.MaxValue;
        if (!string.IsNullOrEmpty(cursor) && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            return TypedResults.ValidationProblem(
                new Dictionary<string, string[]> { ["cursor"] = ["Is not a cursor of this list. Send the 'next' of the page before, unchanged."] }
            );
        }

        var entries = await fleet
            .AuditEntries.AsNoTracking()
            .Where(entry => entry.Id < before)
            .OrderByDescending(entry => entry.Id)
            .Take(PageSize + 1)
            .ToListAsync(cancellationToken);
        var items = entries.Take(PageSize).Select(Item).ToList();
        return TypedResults.Ok(new Page<AuditItem>(items, entries.Count > PageSize ? items[^1].Id : null));
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
