using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Portal.Api.Audit;
using Portal.Api.Auth;
using Portal.Api.Requests;
using Portal.Contracts;
using Portal.Contracts.Sites;
using Portal.Data;
using Portal.Data.FleetPush;
using Portal.Domain.Sites;
using Portal.Domain.Texts;

namespace Portal.Api.Sites;

internal static class SiteEndpoints
{
    /// <summary>Most sites of a stack: the start page shows them all, and a bill for 200 is a goal of its own.</summary>
    public const int MaxSites = 1_000;

    public static void MapSites(this IEndpointRouteBuilder app)
    {
        var sites = app.MapGroup("/api/sites").WithTags("Sites");
        sites.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn);
        sites.MapGet("/{id:guid}", GetAsync).RequireAuthorization(Policies.SignedIn);
        sites.MapPost("/", CreateAsync).RequireAuthorization(Policies.Admin);
        sites.MapPut("/{id:guid}", UpdateAsync).RequireAuthorization(Policies.Admin);
        sites.MapDelete("/{id:guid}", DeleteAsync).RequireAuthorization(Policies.Admin);
    }

    private static async Task<Results<Ok<Page<SiteItem>>, ValidationProblem>> ListAsync(
        [AsParameters] PageRequest request, PortalDbContext db, CancellationToken cancellationToken)
    {
        if (request.Read(usual: PageRequest.MaxLimit, keys: 2, out var page) is { } invalid) return invalid;
        var (name, id) = ("", Guid.Empty);
        if (page.After is [var lastName, var lastId])
        {
            if (!Guid.TryParse(lastId, out id)) return Refusals.Invalid("cursor", PageRequest.InvalidCursor);
            name = lastName;
        }

        var sites = await Items(db.Sites
                .Where(site => page.After == null || string.Compare(site.Name, name) > 0 || (site.Name == name && site.Id > id))
                .OrderBy(site => site.Name).ThenBy(site => site.Id)
                .Take(page.Limit + 1))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(page.Cut(sites, site => site, site => [site.Name, site.Id]));
    }

    private static async Task<Results<Ok<SiteItem>, NotFound>> GetAsync(Guid id, PortalDbContext db, CancellationToken cancellationToken) =>
        await FindAsync(db, id, cancellationToken) is { } site ? TypedResults.Ok(site) : TypedResults.NotFound();

    private static async Task<Results<Created<SiteItem>, ValidationProblem, ProblemHttpResult>> CreateAsync(
        SiteBody body, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!TimeZones.TryFind(body.TimeZone, out _)) return Refusals.Invalid("timeZone", TimeZones.Expected);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // No import may be half way through that makes one of this name too.
        await LockCatalogueAsync(db, transaction, cancellationToken);
        if (await db.Sites.CountAsync(cancellationToken) >= MaxSites)
            return Refusals.Conflict(ProblemKinds.LimitReached, $"A portal holds {MaxSites} sites at most.", "Delete a site that is no longer needed.");

        var site = new Site { Name = body.Name.Trim(), TimeZone = body.TimeZone, CreatedAt = clock.GetUtcNow() };
        db.Sites.Add(site);
        audit.Add(caller, "site.created", site.Name, new { site.Id, site.TimeZone });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/sites/{site.Id}", await FindAsync(db, site.Id, cancellationToken));
    }

    private static async Task<Results<Ok<SiteItem>, NotFound, ValidationProblem>> UpdateAsync(
        Guid id, SiteBody body, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, CancellationToken cancellationToken)
    {
        if (!TimeZones.TryFind(body.TimeZone, out _)) return Refusals.Invalid("timeZone", TimeZones.Expected);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The zone gives meters' local times their instant: no post may be half way through with the old one.
        await LockCatalogueAsync(db, transaction, cancellationToken);
        if (await db.Sites.FirstOrDefaultAsync(site => site.Id == id, cancellationToken) is not { } site) return TypedResults.NotFound();

        var before = new { site.Name, site.TimeZone };
        site.Name = body.Name.Trim();
        site.TimeZone = body.TimeZone;
        audit.Add(caller, "site.updated", site.Name, new { site.Id, Before = before, After = new { site.Name, site.TimeZone } });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(await FindAsync(db, id, cancellationToken));
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> DeleteAsync(
        Guid id, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // No device may be added to it meanwhile.
        await LockCatalogueAsync(db, transaction, cancellationToken);
        if (await db.Sites.FirstOrDefaultAsync(site => site.Id == id, cancellationToken) is not { } site) return TypedResults.NotFound();
        if (await db.Devices.CountAsync(device => device.SiteId == id, cancellationToken) is var devices and > 0)
        {
            return Refusals.Conflict(
                ProblemKinds.SiteHasDevices,
                $"The site has {Counted.Of(devices, "device")}.",
                "Move them to another site (PUT /api/devices/{id} with its siteId) or delete them, then delete the site.");
        }

        audit.Add(caller, "site.deleted", site.Name, new { site.Id, site.TimeZone });
        db.Sites.Remove(site);
        await DeletedSites.NoteAsync(db, id, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task LockCatalogueAsync(PortalDbContext db, IDbContextTransaction transaction, CancellationToken cancellationToken) =>
        CatalogueLock.TakeExclusiveAsync(
            (NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)transaction.GetDbTransaction(), cancellationToken);

    private static Task<SiteItem?> FindAsync(PortalDbContext db, Guid id, CancellationToken cancellationToken) =>
        Items(db.Sites.Where(site => site.Id == id)).FirstOrDefaultAsync(cancellationToken);

    private static IQueryable<SiteItem> Items(IQueryable<Site> sites) =>
        sites.Select(site => new SiteItem(site.Id.ToString(), site.Name, site.TimeZone, site.Devices.Count, site.CreatedAt));
}
