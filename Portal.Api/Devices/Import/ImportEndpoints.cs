using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Api.Audit;
using Portal.Api.Auth;
using Portal.Api.Requests;
using Portal.Api.Sites;
using Portal.Contracts;
using Portal.Contracts.Devices;
using Portal.Data;

namespace Portal.Api.Devices.Import;

internal static class ImportEndpoints
{
    public static void MapImport(this IEndpointRouteBuilder devices)
    {
        devices.MapGet("/export", ExportAsync).RequireAuthorization(Policies.SignedIn);
        devices.MapPost("/import", ImportAsync).RequireAuthorization(Policies.Admin);
    }

    private static async Task<FileContentHttpResult> ExportAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        var lines = await (
            from site in db.Sites.AsNoTracking()
            join device in db.Devices.AsNoTracking() on site.Id equals device.SiteId into own
            from device in own.DefaultIfEmpty()
            orderby site.Name, site.Id, device.Name, device.Id
            select new { site, device }).Take(SiteEndpoints.MaxSites + DeviceEndpoints.MaxDevices).ToListAsync(cancellationToken);
        var text = CatalogueCsv.Write(lines.Select(line => (line.site, (Device?)line.device)));
        // With a byte order mark, by which spreadsheets know UTF-8.
        return TypedResults.File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)], "text/csv; charset=utf-8", "devices.csv");
    }

    private static async Task<Results<Ok<ImportAnswer>, ValidationProblem, ProblemHttpResult>> ImportAsync(
        string? plan, HttpContext http, ClaimsPrincipal caller, PortalDbContext db, DeviceAdmission admission, AuditTrail audit, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (http.Request.ContentType?.Split(';')[0].Trim().Equals("text/csv", StringComparison.OrdinalIgnoreCase) != true)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status415UnsupportedMediaType, title: "The file must be CSV.", detail: "Send the file itself, as text/csv in UTF-8.");
        }

        using var file = new MemoryStream();
        await http.Request.Body.CopyToAsync(file, cancellationToken);
        var lines = ImportReader.Read(file.ToArray(), out var error);
        if (error is not null) return Refusals.Invalid("file", error);

        var now = clock.GetUtcNow();
        if (plan is null)
        {
            var (sites, devices) = (await db.Sites.AsNoTracking().ToListAsync(cancellationToken), await db.Devices.AsNoTracking().ToListAsync(cancellationToken));
            var preview = ImportPlan.Make(lines, sites, devices, now);
            return preview.IsTooMuch ? TooMuch() : TypedResults.Ok(Answer(preview));
        }

        ImportPlan? made = null;
        var result = await admission.ImportAsync(
            (sites, devices) =>
            {
                made = ImportPlan.Make(lines, sites, devices, now);
                return made.Name == plan && !made.IsTooMuch ? Planned(made, audit, caller) : null;
            },
            cancellationToken);
        if (made!.IsTooMuch) return TooMuch();
        return result is { Outcome: AdmissionOutcome.Done, AdmittedRows: var rows } ? TypedResults.Ok(Answer(made) with { Applied = true, AdmittedRows = rows }) : Changed();
    }

    private static ImportAnswer Answer(ImportPlan made) => new(made.Lines, [.. made.NewSites.Select(site => site.Name)], made.Name);

    private static PlannedImport Planned(ImportPlan made, AuditTrail audit, ClaimsPrincipal caller) => new(
        [.. made.NewSites.Select(site => (site, audit.Entry(caller, "site.created", site.Name, new { site.Id, site.TimeZone, Imported = true })))],
        [.. made.Devices.Select(change => (change.Device, Entry(audit, caller, change.After, change.Before)))]);

    private static AuditEntry Entry(AuditTrail audit, ClaimsPrincipal caller, AuditedDevice device, AuditedDevice? before) => before is null
        ? audit.Entry(caller, "device.created", device.Serial, new { device.Name, device.Serial, device.Site, device.SiteId, device.Model, device.Role, Imported = true })
        : audit.Entry(caller, "device.updated", device.Serial, new { Before = before, After = device, Imported = true });

    private static ProblemHttpResult TooMuch() => Refusals.Conflict(
        ProblemKinds.LimitReached, $"A portal holds {SiteEndpoints.MaxSites} sites and {DeviceEndpoints.MaxDevices} devices at most.", "Delete what is no longer needed, or import less.");

    private static ProblemHttpResult Changed() => Refusals.Conflict(
        ProblemKinds.PlanChanged, "The import would do something else now.", "Nothing is done. Look at the preview again (the same file without plan), then repeat.");
}
