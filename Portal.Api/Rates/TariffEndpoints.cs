using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Api.Audit;
using Portal.Api.Auth;
using Portal.Api.Rates.Files;
using Portal.Api.Requests;
using Portal.Contracts;
using Portal.Contracts.Rates;
using Portal.Data;
using Portal.Data.Rates;
using Portal.Domain.Tariffs;
using Portal.Domain.Texts;

namespace Portal.Api.Rates;

internal static class TariffEndpoints
{
    /// <summary>Most tariffs of a stack: those of every municipality that a customer has sites in.</summary>
    public const int MaxTariffs = 1_000;

    public static void MapTariffs(this IEndpointRouteBuilder app)
    {
        var tariffs = app.MapGroup("/api/rates/tariffs").WithTags("Rates");
        tariffs.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn);
        tariffs.MapGet("/{id:guid}", GetAsync).RequireAuthorization(Policies.SignedIn);
        tariffs.MapGet("/{id:guid}/file", ExportAsync).RequireAuthorization(Policies.SignedIn);
        tariffs.MapPost("/import", ImportAsync).RequireAuthorization(Policies.Admin);
        tariffs.MapDelete("/{id:guid}", DeleteAsync).RequireAuthorization(Policies.Admin);
    }

    private static async Task<Results<Ok<Page<TariffItem>>, ValidationProblem>> ListAsync(
        [AsParameters] PageRequest request, PortalDbContext db, CancellationToken cancellationToken)
    {
        if (request.Read(usual: PageRequest.MaxLimit, keys: 3, out var page) is { } invalid) return invalid;
        var (municipality, name, id) = ("", "", Guid.Empty);
        if (page.After is [var lastMunicipality, var lastName, var lastId])
        {
            if (!Guid.TryParse(lastId, out id)) return Refusals.Invalid("cursor", PageRequest.InvalidCursor);
            (municipality, name) = (lastMunicipality, lastName);
        }

        var found = await db.Tariffs.AsNoTracking()
            .Where(t => page.After == null || string.Compare(t.Municipality!.Name, municipality) > 0
                || (t.Municipality!.Name == municipality && (string.Compare(t.Name, name) > 0 || (t.Name == name && t.Id > id))))
            .OrderBy(t => t.Municipality!.Name).ThenBy(t => t.Name).ThenBy(t => t.Id)
            .Take(page.Limit + 1)
            .Select(t => new
            {
                t.Id, t.MunicipalityId, Municipality = t.Municipality!.Name, t.Name,
                Sites = db.TariffAssignments.Where(a => a.TariffId == t.Id).Select(a => a.SiteId).Distinct().Count(),
                Versions = t.Versions.OrderBy(v => v.From).ThenBy(v => v.Id).Select(v => new { v.Id, v.From, v.To, v.State }).ToList(),
            })
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(page.Cut(
            found,
            t => new TariffItem(t.Id.ToString(), t.MunicipalityId.ToString(), t.Municipality, t.Name, t.Sites,
                [.. t.Versions.Select(v => new TariffVersionSummary(v.Id.ToString(), v.From, v.To, TariffItems.Word(v.State)))]),
            t => [t.Municipality, t.Name, t.Id.ToString()]));
    }

    private static async Task<Results<Ok<TariffDetail>, NotFound>> GetAsync(Guid id, PortalDbContext db, CancellationToken cancellationToken)
    {
        if (await FindAsync(db, id, cancellationToken) is not { } tariff) return TypedResults.NotFound();
        var clocks = tariff.Versions.Select(version => version.Clock).OfType<ClockRecord>().DistinctBy(clock => clock.Id).OrderBy(clock => clock.Name, StringComparer.Ordinal);
        return TypedResults.Ok(new TariffDetail(
            tariff.Id.ToString(), tariff.MunicipalityId.ToString(), tariff.Municipality!.Name, tariff.Name,
            [.. tariff.Versions.OrderBy(v => v.From).ThenBy(v => v.CreatedAt).Select(v => TariffItems.Version(v, v.Clock?.Name))],
            [.. clocks.Select(clock => TariffItems.Clock(RatesMapping.Clock(clock)))]));
    }

    // What was withdrawn is not part of the tariff any more.
    private static async Task<Results<ContentHttpResult, NotFound, ValidationProblem>> ExportAsync(
        Guid id, string? format, PortalDbContext db, HttpContext http, CancellationToken cancellationToken)
    {
        if (format is not (null or "" or "yaml" or "json")) return Refusals.Invalid("format", "Must be yaml or json.");
        if (await FindAsync(db, id, cancellationToken) is not { } record) return TypedResults.NotFound();
        var tariff = new Tariff(record.Municipality!.Name, record.Name,
        [
            .. record.Versions.Where(v => v.State != VersionState.Withdrawn).OrderBy(v => v.From)
                .Select(v => RatesMapping.Version(v, v.Clock is null ? null : RatesMapping.Clock(v.Clock))),
        ]);
        var json = format == "json";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{FileName(tariff)}.{(json ? "json" : "yaml")}\"";
        return TypedResults.Text(json ? TariffText.Json(tariff) : TariffText.Yaml(tariff), json ? "application/json" : "application/yaml", Encoding.UTF8);
    }

    // The body is the file itself, so that `curl --data-binary @tariff.yaml` is all it takes.
    private static async Task<Results<Ok<TariffImported>, ProblemHttpResult>> ImportAsync(
        HttpRequest request, bool? check, ClaimsPrincipal caller, TariffImport import, PortalDbContext db, CancellationToken cancellationToken)
    {
        if (await db.Tariffs.CountAsync(cancellationToken) > MaxTariffs)
            return Refusals.Conflict(ProblemKinds.LimitReached, $"A portal holds {MaxTariffs} tariffs at most.", "Delete one that is only a draft.");
        var faults = new FileFaults();
        using var reader = new StreamReader(request.Body, new UTF8Encoding(false, throwOnInvalidBytes: false));
        var text = await reader.ReadToEndAsync(cancellationToken);
        if (text.Length > TariffFileReader.MaxChars) faults.AddAt(1, "file", $"Has more than {TariffFileReader.MaxChars} characters.");
        var result = faults.Any ? null : await import.RunAsync(text, check is true, caller, faults, cancellationToken);
        return result is null ? FileRefusal.Of(faults) : TypedResults.Ok(result);
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> DeleteAsync(
        Guid id, ClaimsPrincipal caller, PortalDbContext db, AuditTrail audit, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RatesLock.TakeAsync(db, cancellationToken);
        if (await db.Tariffs.Include(t => t.Versions).FirstOrDefaultAsync(t => t.Id == id, cancellationToken) is not { } tariff) return TypedResults.NotFound();
        if (tariff.Versions.Exists(v => v.State != VersionState.Draft))
            return Refusals.Conflict(ProblemKinds.VersionApproved, "The tariff has versions that were approved.", "They stay on record. Withdraw one that is wrong; no bill is made with it then.");
        if (await db.TariffAssignments.CountAsync(a => a.TariffId == id, cancellationToken) is var assigned and > 0)
            return Refusals.Conflict(ProblemKinds.InUse, $"The tariff is assigned {Counted.Of(assigned, "time")}.", "Delete the assignments first.");
        audit.Add(caller, "tariff.deleted", tariff.Name, new { tariff.Id });
        db.Tariffs.Remove(tariff);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task<TariffRecord?> FindAsync(PortalDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Tariffs.AsNoTracking().Include(t => t.Municipality).Include(t => t.Versions).ThenInclude(v => v.Clock!.Versions).AsSplitQuery()
            .FirstOrDefaultAsync(t => t.Id == id, cancellationToken);

    private static string FileName(Tariff tariff) =>
        new([.. $"{tariff.Municipality} {tariff.Name}".ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]);
}
