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

        var (sites, devices) = (await db.Sites.AsNoTracking().ToListAsync(cancellationToken), await db.Devices.AsNoTracking().ToListAsync(cancellationToken));
        var made = ImportPlan.Make(lines, sites, devices, clock.GetUtcNow());
        if (sites.Count + made.NewSites.Count > SiteEndpoints.MaxSites || devices.Count + made.Devices.Count(device => device.Before is null) > DeviceEndpoints.MaxDevices)
        {
            return Refusals.Conflict(
                ProblemKinds.LimitReached, $"A portal holds {SiteEndpoints.MaxSites} sites and {DeviceEndpoints.MaxDevices} devices at most.", "Delete what is no longer needed, or import less.");
        }

        var answer = new ImportAnswer(made.Lines, [.. made.NewSites.Select(site => site.Name)], made.Name);
        if (plan is null) return TypedResults.Ok(answer);
        if (plan != made.Name) return Changed();

        var result = await admission.ImportAsync(
            [.. made.NewSites.Select(site => (site, audit.Entry(caller, "site.created", site.Name, new { site.Id, site.TimeZone, Imported = true })))],
            [.. made.Devices.Select(device => (device.Device, Entry(audit, caller, device.Device, device.Before)))],
            cancellationToken);
        return result.Outcome == AdmissionOutcome.Done ? TypedResults.Ok(answer with { Applied = true, AdmittedRows = result.AdmittedRows }) : Changed();
    }

    private static AuditEntry Entry(AuditTrail audit, ClaimsPrincipal caller, Device device, DeviceItem? before) => before is null
        ? audit.Entry(caller, "device.created", device.ExternalId, new { device.SiteId, device.Name, device.Model, Role = DeviceItems.Role(device.Role), Imported = true })
        : audit.Entry(caller, "device.updated", device.ExternalId, new { before.Id, Before = before, After = device.Item(), Imported = true });

    private static ProblemHttpResult Changed() => Refusals.Conflict(
        ProblemKinds.PlanChanged, "The import would do something else now.", "Nothing is done. Look at the preview again (the same file without plan), then repeat.");
}
