using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Api.Audit;
using Portal.Api.Auth;
using Portal.Api.Devices.Import;
using Portal.Api.Requests;
using Portal.Contracts;
using Portal.Contracts.Devices;
using Portal.Data;

namespace Portal.Api.Devices;

internal static class DeviceEndpoints
{
    /// <summary>Most devices of a stack: the start page shows them all. Five times the largest site list in sight.</summary>
    public const int MaxDevices = 5_000;

    public static void MapDevices(this IEndpointRouteBuilder app)
    {
        var devices = app.MapGroup("/api/devices").WithTags("Devices");
        devices.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn);
        devices.MapGet("/{id:int}", GetAsync).RequireAuthorization(Policies.SignedIn);
        devices.MapGet("/{id:int}/unknown-parameters", UnknownAsync).RequireAuthorization(Policies.SignedIn);
        devices.MapPost("/", CreateAsync).RequireAuthorization(Policies.Admin);
        devices.MapPut("/{id:int}", UpdateAsync).RequireAuthorization(Policies.Admin);
        devices.MapDelete("/{id:int}", DeleteAsync).RequireAuthorization(Policies.Admin);
        devices.MapUnclaimed();
        devices.MapImport();
    }

    private static async Task<Results<Ok<Page<DeviceItem>>, ValidationProblem>> ListAsync(
        string? siteId, [AsParameters] PageRequest request, PortalDbContext db, CancellationToken cancellationToken)
    {
        if (request.Read(usual: PageRequest.MaxLimit, keys: 2, out var page) is { } invalid) return invalid;
        var (name, id) = ("", 0);
        if (page.After is [var lastName, var lastId])
        {
            if (!int.TryParse(lastId, CultureInfo.InvariantCulture, out id)) return Refusals.Invalid("cursor", PageRequest.InvalidCursor);
            name = lastName;
        }

        var devices = db.Devices.AsNoTracking();
        if (!string.IsNullOrEmpty(siteId))
        {
            if (!Guid.TryParse(siteId, out var site)) return Refusals.Invalid("siteId", NoSuchSite);
            devices = devices.Where(device => device.SiteId == site);
        }

        var rows = await devices
            .Where(device => page.After == null || string.Compare(device.Name, name) > 0 || (device.Name == name && device.Id > id))
            .OrderBy(device => device.Name).ThenBy(device => device.Id)
            .Take(page.Limit + 1)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(page.Cut(rows, device => device.Item(), device => [device.Name, device.Id.ToString(CultureInfo.InvariantCulture)]));
    }

    private static async Task<Results<Ok<DeviceItem>, NotFound>> GetAsync(int id, PortalDbContext db, CancellationToken cancellationToken) =>
        await db.Devices.AsNoTracking().FirstOrDefaultAsync(device => device.Id == id, cancellationToken) is { } device
            ? TypedResults.Ok(device.Item())
            : TypedResults.NotFound();

    // By name, the first of them: a module posts some hundred parameters at most.
    private static async Task<Results<Ok<Page<UnknownParameterItem>>, NotFound>> UnknownAsync(int id, PortalDbContext db, CancellationToken cancellationToken)
    {
        if (await db.Devices.Where(device => device.Id == id).Select(device => device.ExternalId).FirstOrDefaultAsync(cancellationToken) is not { } serial)
            return TypedResults.NotFound();
        var unknown = await db.UnknownParameters.Where(parameter => parameter.ExternalId == serial).OrderBy(parameter => parameter.Name).Take(PageRequest.MaxLimit)
            .Select(parameter => new UnknownParameterItem(parameter.Name, parameter.FirstSeen, parameter.LastSeen, parameter.Count)).ToListAsync(cancellationToken);
        return TypedResults.Ok(new Page<UnknownParameterItem>(unknown, null));
    }

    private static Task<Results<Created<DeviceCreated>, ValidationProblem, ProblemHttpResult>> CreateAsync(
        DeviceBody body, ClaimsPrincipal caller, DeviceRegistration registration, CancellationToken cancellationToken) =>
        registration.CreateAsync(caller, "device.created", body with { ExternalId = body.ExternalId.Trim() }, cancellationToken);

    private static async Task<Results<Ok<DeviceItem>, NotFound, ValidationProblem, ProblemHttpResult>> UpdateAsync(
        int id, DeviceBody body, ClaimsPrincipal caller, PortalDbContext db, DeviceAdmission admission, AuditTrail audit, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(body.SiteId, out var site)) return Refusals.Invalid("siteId", NoSuchSite);
        if (await db.Devices.AsNoTracking().FirstOrDefaultAsync(device => device.Id == id, cancellationToken) is not { } device) return TypedResults.NotFound();

        var before = await AuditedDevice.FindAsync(db, device, cancellationToken);
        device.SiteId = site;
        device.Name = body.Name.Trim();
        device.ExternalId = body.ExternalId.Trim();
        device.Model = Text(body.Model);
        if (body.Role is not null) device.Role = DeviceItems.Role(body.Role);
        if (await AuditedDevice.FindAsync(db, device, cancellationToken) is not { } after) return Refusals.Invalid("siteId", NoSuchSite);
        var entry = audit.Entry(caller, "device.updated", device.ExternalId, new { Before = before, After = after });
        var result = await admission.ChangeAsync(device, entry, cancellationToken);
        return result.Outcome switch
        {
            AdmissionOutcome.Done => TypedResults.Ok(device.Item()),
            AdmissionOutcome.UnknownDevice => TypedResults.NotFound(),
            AdmissionOutcome.UnknownSite => Refusals.Invalid("siteId", NoSuchSite),
            _ => Taken(),
        };
    }

    private static async Task<Results<NoContent, NotFound>> DeleteAsync(
        int id, ClaimsPrincipal caller, PortalDbContext db, DeviceAdmission admission, AuditTrail audit, CancellationToken cancellationToken)
    {
        if (await db.Devices.AsNoTracking().FirstOrDefaultAsync(device => device.Id == id, cancellationToken) is not { } device) return TypedResults.NotFound();
        var entry = audit.Entry(caller, "device.deleted", device.ExternalId, await AuditedDevice.FindAsync(db, device, cancellationToken));
        return await admission.DeleteAsync(id, entry, cancellationToken) ? TypedResults.NoContent() : TypedResults.NotFound();
    }

    internal const string NoSuchSite = "There is no such site.";

    internal static ProblemHttpResult Taken() => Refusals.Taken("externalId", "Another device has this external id (serial).");

    /// <summary>A text that may be missing: blank is missing.</summary>
    internal static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
