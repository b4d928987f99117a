using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Api.Audit;
using Portal.Api.Auth;
using Portal.Api.Requests;
using Portal.Contracts;
using Portal.Contracts.Rates;
using Portal.Data;
using Portal.Data.Rates;

namespace Portal.Api.Rates;

internal static class SiteFactsEndpoints
{
    public static void MapSiteFacts(this IEndpointRouteBuilder app)
    {
        var facts = app.MapGroup("/api/rates/facts").WithTags("Rates");
        facts.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn);
        facts.MapPut("/", PutAsync).RequireAuthorization(Policies.Admin);
        facts.MapDelete("/{id:guid}", DeleteAsync).RequireAuthorization(Policies.Admin);
    }

    private static async Task<Results<Ok<Page<SiteFactsItem>>, ValidationProblem>> ListAsync(
        string? siteId, [AsParameters] PageRequest request, PortalDbContext db, CancellationToken cancellationToken)
    {
        if (request.Read(usual: PageRequest.MaxLimit, keys: 1, out var page) is { } invalid) return invalid;
        var (site, after) = (Guid.Empty, Guid.Empty);
        if (!string.IsNullOrEmpty(siteId) && !Guid.TryParse(siteId, out site)) return Refusals.Invalid("siteId", "There is no such site.");
        if (page.After is [var last] && !Guid.TryParse(last, out after)) return Refusals.Invalid("cursor", PageRequest.InvalidCursor);
        var found = await db.SiteFacts.AsNoTracking()
            .Where(f => (site == Guid.Empty || f.SiteId == site) && (page.After == null || f.Id > after)).OrderBy(f => f.Id).Take(page.Limit + 1)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(page.Cut(found, Item, facts => [facts.Id.ToString()]));
    }

    private static async Task<Results<Ok<SiteFactsItem>, ValidationProblem, ProblemHttpResult>> PutAsync(
        SiteFactsBody body, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RatesLock.TakeAsync(db, cancellationToken);
        if (!Guid.TryParse(body.SiteId, out var siteId) || await db.Sites.FirstOrDefaultAsync(s => s.Id == siteId, cancellationToken) is not { } site)
            return Refusals.Invalid("siteId", "There is no such site.");
        var facts = await db.SiteFacts.FirstOrDefaultAsync(f => f.SiteId == siteId && f.From == body.From!.Value, cancellationToken);
        if (facts is null)
        {
            if (await db.SiteFacts.CountAsync(f => f.SiteId == siteId, cancellationToken) >= AssignmentEndpoints.MaxPerSite)
                return Refusals.Conflict(ProblemKinds.LimitReached, $"A site has facts of {AssignmentEndpoints.MaxPerSite} days at most.", "Delete old ones first.");
            facts = new SiteFactsRecord { SiteId = siteId, From = body.From!.Value };
            db.SiteFacts.Add(facts);
        }

        (facts.NotifiedDemandKva, facts.ConnectionPoints, facts.Amperes) = (body.NotifiedDemandKva, body.ConnectionPoints ?? 1, body.Amperes);
        audit.Add(caller, "site-facts.set", site.Name, Item(facts));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(Item(facts));
    }

    private static async Task<Results<NoContent, NotFound>> DeleteAsync(
        Guid id, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, CancellationToken cancellationToken)
    {
        if (await db.SiteFacts.FirstOrDefaultAsync(f => f.Id == id, cancellationToken) is not { } facts) return TypedResults.NotFound();
        var site = await db.Sites.FirstAsync(s => s.Id == facts.SiteId, cancellationToken);
        audit.Add(caller, "site-facts.deleted", site.Name, Item(facts));
        db.SiteFacts.Remove(facts);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static SiteFactsItem Item(SiteFactsRecord facts) =>
        new(facts.Id.ToString(), facts.SiteId.ToString(), facts.From, facts.NotifiedDemandKva, facts.ConnectionPoints, facts.Amperes);
}
