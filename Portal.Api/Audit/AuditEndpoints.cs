using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Api.Auth;
using Portal.Api.Requests;
using Portal.Contracts;
using Portal.Contracts.Audit;
using Portal.Data;

namespace Portal.Api.Audit;

internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder app) =>
        app.MapGroup("/api/audit").WithTags("Audit").RequireAuthorization(Policies.Admin).MapGet("/", ListAsync);

    // Newest first.
    private static async Task<Results<Ok<Page<AuditItem>>, ValidationProblem>> ListAsync(
        [AsParameters] PageRequest request, PortalDbContext db, CancellationToken cancellationToken)
    {
        if (request.Read(usual: 100, keys: 1, out var page) is { } invalid) return invalid;
        var before = long.MaxValue;
        if (page.After is [var key] && !long.TryParse(key, CultureInfo.InvariantCulture, out before))
            return Refusals.Invalid("cursor", PageRequest.InvalidCursor);

        var entries = await db.AuditEntries.AsNoTracking()
            .Where(entry => entry.Id < before)
            .OrderByDescending(entry => entry.Id)
            .Take(page.Limit + 1)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(page.Cut(entries, Item, entry => [entry.Id.ToString(CultureInfo.InvariantCulture)]));
    }

    private static AuditItem Item(AuditEntry entry) => new(
        entry.Id.ToString(CultureInfo.InvariantCulture), entry.At, entry.Actor, entry.Action, entry.Subject,
        JsonSerializer.Deserialize<JsonElement>(entry.Details));
}
