using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Api.Audit;
using Portal.Api.Auth;
using Portal.Api.Requests;
using Portal.Contracts;
using Portal.Contracts.IngestKeys;
using Portal.Data;
using Portal.Domain.Keys;

namespace Portal.Api.IngestKeys;

internal static class IngestKeyEndpoints
{
    public static void MapIngestKeys(this IEndpointRouteBuilder app)
    {
        var keys = app.MapGroup("/api/ingest-keys").WithTags("Ingest keys").RequireAuthorization(Policies.Admin);
        keys.MapGet("/", ListAsync);
        keys.MapPost("/", CreateAsync);
        keys.MapDelete("/{id:guid}", RevokeAsync);
    }

    // Newest first; revoked keys stay in the list, so that a meter that still shows one can be explained.
    private static async Task<Results<Ok<Page<IngestKeyItem>>, ValidationProblem>> ListAsync(
        [AsParameters] PageRequest request, PortalDbContext db, CancellationToken cancellationToken)
    {
        if (request.Read(usual: PageRequest.MaxLimit, keys: 2, out var page) is { } invalid) return invalid;
        var (at, id) = (DateTimeOffset.MaxValue, Guid.AllBitsSet);
        if (page.After is [var lastAt, var lastId] && !(Instants.TryParseKey(lastAt, out at) && Guid.TryParse(lastId, CultureInfo.InvariantCulture, out id)))
            return Refusals.Invalid("cursor", PageRequest.InvalidCursor);

        var keys = await db.IngestKeys.AsNoTracking()
            .Where(key => key.CreatedAt < at || (key.CreatedAt == at && key.Id < id))
            .OrderByDescending(key => key.CreatedAt).ThenByDescending(key => key.Id)
            .Take(page.Limit + 1)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(page.Cut(
            keys,
            key => new IngestKeyItem(key.Id.ToString(), key.Name, key.Prefix, key.CreatedAt, key.LastUsedAt, key.RevokedAt),
            key => [Instants.Key(key.CreatedAt), key.Id.ToString()]));
    }

    private static async Task<Created<IngestKeyCreated>> CreateAsync(
        IngestKeyBody body, HttpContext http, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var token = IngestKeyToken.Generate();
        var key = new IngestKey { Name = body.Name.Trim(), Hash = token.Hash(), Prefix = token.Prefix, CreatedAt = clock.GetUtcNow() };
        db.IngestKeys.Add(key);
        audit.Add(caller, "ingest-key.created", key.Name, new { key.Id, key.Prefix });
        await db.SaveChangesAsync(cancellationToken);

        // The one answer that holds the secret stays in no cache.
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created(
            $"/api/ingest-keys/{key.Id}", new IngestKeyCreated(key.Id.ToString(), key.Name, token.Reveal(), key.Prefix, key.CreatedAt));
    }

    private static async Task<Results<NoContent, NotFound>> RevokeAsync(
        Guid id, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await db.IngestKeys.FirstOrDefaultAsync(k => k.Id == id, cancellationToken) is not { } key) return TypedResults.NotFound();
        if (key.RevokedAt is not null) return TypedResults.NoContent();
        key.RevokedAt = clock.GetUtcNow();
        audit.Add(caller, "ingest-key.revoked", key.Name, new { key.Id, key.Prefix });
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
