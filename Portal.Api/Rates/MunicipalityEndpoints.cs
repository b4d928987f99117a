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
using Portal.Domain.Texts;

namespace Portal.Api.Rates;

internal static class MunicipalityEndpoints
{
    /// <summary>Most municipalities of a stack: South Africa has 257.</summary>
    public const int MaxMunicipalities = 500;

    public static void MapMunicipalities(this IEndpointRouteBuilder app)
    {
        var municipalities = app.MapGroup("/api/rates/municipalities").WithTags("Rates");
        municipalities.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn);
        municipalities.MapPost("/", CreateAsync).RequireAuthorization(Policies.Admin);
        municipalities.MapPut("/{id:guid}", RenameAsync).RequireAuthorization(Policies.Admin);
        municipalities.MapDelete("/{id:guid}", DeleteAsync).RequireAuthorization(Policies.Admin);
    }

    private static async Task<Results<Ok<Page<MunicipalityItem>>, ValidationProblem>> ListAsync(
        [AsParameters] PageRequest request, PortalDbContext db, CancellationToken cancellationToken)
    {
        if (request.Read(usual: PageRequest.MaxLimit, keys: 1, out var page) is { } invalid) return invalid;
        var name = page.After is [var last] ? last : "";
        var found = await Items(db.Municipalities.Where(m => page.After == null || string.Compare(m.Name, name) > 0).OrderBy(m => m.Name).Take(page.Limit + 1))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(page.Cut(found, item => item, item => [item.Name]));
    }

    private static async Task<Results<Created<MunicipalityItem>, ValidationProblem, ProblemHttpResult>> CreateAsync(
        MunicipalityBody body, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RatesLock.TakeAsync(db, cancellationToken);
        if (await TakenAsync(db, body.Name.Trim(), null, cancellationToken) is { } taken) return taken;
        if (await db.Municipalities.CountAsync(cancellationToken) >= MaxMunicipalities)
            return Refusals.Conflict(ProblemKinds.LimitReached, $"A portal holds {MaxMunicipalities} municipalities at most.", "Delete one that has no tariffs.");

        var municipality = new Municipality { Name = body.Name.Trim(), CreatedAt = clock.GetUtcNow() };
        db.Municipalities.Add(municipality);
        audit.Add(caller, "municipality.created", municipality.Name, new { municipality.Id });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/rates/municipalities/{municipality.Id}", new MunicipalityItem(municipality.Id.ToString(), municipality.Name, 0));
    }

    private static async Task<Results<Ok<MunicipalityItem>, NotFound, ValidationProblem, ProblemHttpResult>> RenameAsync(
        Guid id, MunicipalityBody body, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RatesLock.TakeAsync(db, cancellationToken);
        if (await db.Municipalities.FirstOrDefaultAsync(m => m.Id == id, cancellationToken) is not { } municipality) return TypedResults.NotFound();
        if (await TakenAsync(db, body.Name.Trim(), id, cancellationToken) is { } taken) return taken;
        audit.Add(caller, "municipality.renamed", body.Name.Trim(), new { municipality.Id, Before = municipality.Name });
        municipality.Name = body.Name.Trim();
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(await Items(db.Municipalities.Where(m => m.Id == id)).FirstAsync(cancellationToken));
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> DeleteAsync(
        Guid id, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RatesLock.TakeAsync(db, cancellationToken);
        if (await db.Municipalities.FirstOrDefaultAsync(m => m.Id == id, cancellationToken) is not { } municipality) return TypedResults.NotFound();
        if (await db.Tariffs.CountAsync(tariff => tariff.MunicipalityId == id, cancellationToken) is var tariffs and > 0)
            return Refusals.Conflict(ProblemKinds.InUse, $"The municipality has {Counted.Of(tariffs, "tariff")}.", "Delete them first; tariffs that were approved stay for good.");
        audit.Add(caller, "municipality.deleted", municipality.Name, new { municipality.Id });
        db.Municipalities.Remove(municipality);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<ProblemHttpResult?> TakenAsync(PortalDbContext db, string name, Guid? except, CancellationToken cancellationToken) =>
        await db.Municipalities.AnyAsync(m => m.Name == name && m.Id != except, cancellationToken)
            ? Refusals.Taken("name", $"There is a municipality called '{name}' already.")
            : null;

    private static IQueryable<MunicipalityItem> Items(IQueryable<Municipality> municipalities) =>
        municipalities.Select(m => new MunicipalityItem(m.Id.ToString(), m.Name, m.Tariffs.Count));
}
