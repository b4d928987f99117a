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
using Portal.Domain.Tariffs;

namespace Portal.Api.Rates;

internal static class TariffVersionEndpoints
{
    public static void MapTariffVersions(this IEndpointRouteBuilder app)
    {
        var versions = app.MapGroup("/api/rates/tariffs/{tariffId:guid}/versions/{id:guid}").WithTags("Rates").RequireAuthorization(Policies.Admin);
        versions.MapPost("/approve", ApproveAsync);
        versions.MapPost("/withdraw", WithdrawAsync);
        versions.MapDelete("/", DeleteAsync);
    }

    /// <summary>From then on bills are made with it. Repeating it changes nothing.</summary>
    private static async Task<Results<Ok<TariffVersionItem>, NotFound, ProblemHttpResult>> ApproveAsync(
        Guid tariffId, Guid id, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RatesLock.TakeAsync(db, cancellationToken);
        if (await FindAsync(db, tariffId, id, cancellationToken) is not { } version) return TypedResults.NotFound();
        if (version.State == VersionState.Approved) return TypedResults.Ok(TariffItems.Version(version, version.Clock?.Name));
        if (version.State == VersionState.Withdrawn)
            return Refusals.Conflict(ProblemKinds.VersionApproved, "The version was withdrawn.", "Import its file again and approve that.");
        var faults = new TariffFaults();
        TariffCheck.Check(RatesMapping.Version(version, version.Clock is null ? null : RatesMapping.Clock(version.Clock)), "", faults);
        if (faults.All is [var fault, ..])
            return Refusals.Conflict(ProblemKinds.InvalidRequest, "The version doesn't suit its clock any more.", $"{fault.Path}: {fault.Message} Import the corrected file.");
        var approved = await db.TariffVersions.Where(v => v.TariffId == tariffId && v.State == VersionState.Approved).ToListAsync(cancellationToken);
        if (RateChecks.InTheWay(approved, version.From, version.To, id) is { } other)
        {
            return Refusals.Conflict(ProblemKinds.ValidityOverlap, $"Another version is approved {RateChecks.Days(other.From, other.To)}.",
                "Give this one an end before it or a later beginning and import it again, or withdraw the other one.");
        }

        // The end of the one before is in the database before this one begins.
        var ended = RateChecks.EndedBy(approved, version.From, id);
        if (ended is not null)
        {
            ended.To = version.From;
            await db.SaveChangesAsync(cancellationToken);
        }

        (version.State, version.ApprovedAt, version.ApprovedBy) = (VersionState.Approved, clock.GetUtcNow(), caller.Email());
        audit.Add(caller, "tariff-version.approved", Subject(version), new { version.Id, version.From, version.To, Ended = ended?.From });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(TariffItems.Version(version, version.Clock?.Name));
    }

    /// <summary>No bill is made with it any more, past ones included; it stays on record. Repeating it changes nothing.</summary>
    private static async Task<Results<Ok<TariffVersionItem>, NotFound, ProblemHttpResult>> WithdrawAsync(
        Guid tariffId, Guid id, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RatesLock.TakeAsync(db, cancellationToken);
        if (await FindAsync(db, tariffId, id, cancellationToken) is not { } version) return TypedResults.NotFound();
        if (version.State == VersionState.Draft)
            return Refusals.Conflict(ProblemKinds.InUse, "The version is a draft.", "Delete it instead: no bill was made with it.");
        if (version.State == VersionState.Approved)
        {
            (version.State, version.WithdrawnAt, version.WithdrawnBy) = (VersionState.Withdrawn, clock.GetUtcNow(), caller.Email());
            audit.Add(caller, "tariff-version.withdrawn", Subject(version), new { version.Id, version.From, version.To });
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return TypedResults.Ok(TariffItems.Version(version, version.Clock?.Name));
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> DeleteAsync(
        Guid tariffId, Guid id, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RatesLock.TakeAsync(db, cancellationToken);
        if (await FindAsync(db, tariffId, id, cancellationToken) is not { } version) return TypedResults.NotFound();
        if (version.State != VersionState.Draft)
            return Refusals.Conflict(ProblemKinds.VersionApproved, "The version was approved and stays on record.", "Withdraw it if it is wrong: no bill is made with it then.");
        audit.Add(caller, "tariff-version.deleted", Subject(version), new { version.Id, version.From });
        db.TariffVersions.Remove(version);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task<TariffVersionRecord?> FindAsync(PortalDbContext db, Guid tariffId, Guid id, CancellationToken cancellationToken) =>
        db.TariffVersions.Include(v => v.Tariff!.Municipality).Include(v => v.Clock!.Versions)
            .FirstOrDefaultAsync(v => v.Id == id && v.TariffId == tariffId, cancellationToken);

    private static string Subject(TariffVersionRecord version) => $"{version.Tariff!.Municipality!.Name} {version.Tariff.Name}";
}
