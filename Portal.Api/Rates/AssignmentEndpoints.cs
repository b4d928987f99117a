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

internal static class AssignmentEndpoints
{
    /// <summary>Most assignments of a site: one a month for over sixteen years.</summary>
    public const int MaxPerSite = 200;

    public static void MapAssignments(this IEndpointRouteBuilder app)
    {
        var assignments = app.MapGroup("/api/rates/assignments").WithTags("Rates");
        assignments.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn);
        assignments.MapPost("/", CreateAsync).RequireAuthorization(Policies.Admin);
        assignments.MapPut("/{id:guid}", UpdateAsync).RequireAuthorization(Policies.Admin);
        assignments.MapDelete("/{id:guid}", DeleteAsync).RequireAuthorization(Policies.Admin);
    }

    // All of a site, or of all sites; ids ascend with time.
    private static async Task<Results<Ok<Page<AssignmentItem>>, ValidationProblem>> ListAsync(
        string? siteId, [AsParameters] PageRequest request, PortalDbContext db, CancellationToken cancellationToken)
    {
        if (request.Read(usual: PageRequest.MaxLimit, keys: 1, out var page) is { } invalid) return invalid;
        var (site, after) = (Guid.Empty, Guid.Empty);
        if (!string.IsNullOrEmpty(siteId) && !Guid.TryParse(siteId, out site)) return Refusals.Invalid("siteId", "There is no such site.");
        if (page.After is [var last] && !Guid.TryParse(last, out after)) return Refusals.Invalid("cursor", PageRequest.InvalidCursor);
        var found = await Items(db.TariffAssignments
                .Where(a => (site == Guid.Empty || a.SiteId == site) && (page.After == null || a.Id > after)).OrderBy(a => a.Id).Take(page.Limit + 1))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(page.Cut(found, item => item, item => [item.Id]));
    }

    private static async Task<Results<Created<AssignmentItem>, ValidationProblem, ProblemHttpResult>> CreateAsync(
        AssignmentBody body, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RatesLock.TakeAsync(db, cancellationToken);
        var (asked, refusal) = await ReadAsync(body, db, cancellationToken);
        if (refusal is not null) return refusal;
        var others = await db.TariffAssignments.Where(a => a.SiteId == asked.SiteId).ToListAsync(cancellationToken);
        if (others.Count >= MaxPerSite) return Refusals.Conflict(ProblemKinds.LimitReached, $"A site has {MaxPerSite} tariffs at most.", "Delete old assignments first.");
        if (InTheWay(others, asked) is { } overlap) return overlap;

        var ended = await EndAsync(db, others, asked, cancellationToken);
        asked.CreatedAt = clock.GetUtcNow();
        db.TariffAssignments.Add(asked);
        await db.SaveChangesAsync(cancellationToken);
        var item = await Items(db.TariffAssignments.Where(a => a.Id == asked.Id)).FirstAsync(cancellationToken);
        var days = await DaysAsync(db, item, cancellationToken);
        audit.Add(caller, "tariff.assigned", Subject(item), ended is { } from ? new { days.Site, days.From, days.To, EndedTheOneFrom = from } : days);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/rates/assignments/{asked.Id}", item);
    }

    private static async Task<Results<Ok<AssignmentItem>, NotFound, ValidationProblem, ProblemHttpResult>> UpdateAsync(
        Guid id, AssignmentBody body, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RatesLock.TakeAsync(db, cancellationToken);
        if (await db.TariffAssignments.FirstOrDefaultAsync(a => a.Id == id, cancellationToken) is not { } assignment) return TypedResults.NotFound();
        var (asked, refusal) = await ReadAsync(body, db, cancellationToken);
        if (refusal is ValidationProblem invalid) return invalid;
        var others = await db.TariffAssignments.Where(a => a.SiteId == asked.SiteId && a.Id != id).ToListAsync(cancellationToken);
        if (InTheWay(others, asked) is { } overlap) return overlap;

        await EndAsync(db, others, asked, cancellationToken);
        var before = await DaysAsync(db, await Items(db.TariffAssignments.Where(a => a.Id == id)).FirstAsync(cancellationToken), cancellationToken);
        (assignment.SiteId, assignment.TariffId, assignment.From, assignment.To) = (asked.SiteId, asked.TariffId, asked.From, asked.To);
        await db.SaveChangesAsync(cancellationToken);
        var item = await Items(db.TariffAssignments.Where(a => a.Id == id)).FirstAsync(cancellationToken);
        audit.Add(caller, "tariff.reassigned", Subject(item), new { Before = before, After = await DaysAsync(db, item, cancellationToken) });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(item);
    }

    private static async Task<Results<NoContent, NotFound>> DeleteAsync(
        Guid id, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, CancellationToken cancellationToken)
    {
        if (await db.TariffAssignments.FirstOrDefaultAsync(a => a.Id == id, cancellationToken) is not { } assignment) return TypedResults.NotFound();
        var item = await Items(db.TariffAssignments.Where(a => a.Id == id)).FirstAsync(cancellationToken);
        audit.Add(caller, "tariff.unassigned", Subject(item), await DaysAsync(db, item, cancellationToken));
        db.TariffAssignments.Remove(assignment);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<(TariffAssignment Asked, ValidationProblem? Refusal)> ReadAsync(AssignmentBody body, PortalDbContext db, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        var asked = new TariffAssignment { From = body.From!.Value, To = body.To };
        if (Guid.TryParse(body.SiteId, out var site) && await db.Sites.AnyAsync(s => s.Id == site, cancellationToken)) asked.SiteId = site;
        else errors["siteId"] = ["There is no such site."];
        if (Guid.TryParse(body.TariffId, out var tariff) && await db.Tariffs.AnyAsync(t => t.Id == tariff, cancellationToken)) asked.TariffId = tariff;
        else errors["tariffId"] = ["There is no such tariff."];
        if (body.To <= body.From) errors["to"] = ["Must be later than 'from'; it is the day after the last one."];
        return (asked, errors.Count == 0 ? null : Refusals.Invalid(errors));
    }

    private static ProblemHttpResult? InTheWay(List<TariffAssignment> others, TariffAssignment asked) =>
        others.Find(other => Validity.Overlap(other.From, other.To, asked.From, asked.To) && !(other.To is null && other.From < asked.From)) is { } found
            ? Refusals.Conflict(ProblemKinds.ValidityOverlap, $"A tariff is assigned {RateChecks.Days(found.From, found.To)} already.", "Choose other days, or change or delete that assignment first.")
            : null;

    // The database looks at row by row: the one before ends before this one begins. Its first day; null: none had to end.
    private static async Task<DateOnly?> EndAsync(PortalDbContext db, List<TariffAssignment> others, TariffAssignment asked, CancellationToken cancellationToken)
    {
        if (others.Find(other => other.To is null && other.From < asked.From) is not { } open) return null;
        open.To = asked.From;
        await db.SaveChangesAsync(cancellationToken);
        return open.From;
    }

    private static string Subject(AssignmentItem item) => $"{item.Municipality} {item.Tariff}";

    // As the audit trail tells it, to people who know a site by its name.
    private static async Task<AssignedDays> DaysAsync(PortalDbContext db, AssignmentItem item, CancellationToken cancellationToken)
    {
        var site = await db.Sites.Where(s => s.Id == Guid.Parse(item.SiteId)).Select(s => s.Name).FirstAsync(cancellationToken);
        return new(site, Subject(item), item.From, item.To);
    }

    private static IQueryable<AssignmentItem> Items(IQueryable<TariffAssignment> assignments) => assignments.Select(a =>
        new AssignmentItem(a.Id.ToString(), a.SiteId.ToString(), a.TariffId.ToString(), a.Tariff!.Municipality!.Name, a.Tariff.Name, a.From, a.To));

    private sealed record AssignedDays(string Site, string Tariff, DateOnly From, DateOnly? To);
}
