using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Api.Audit;
using Portal.Api.Requests;
using Portal.Contracts;
using Portal.Contracts.Devices;
using Portal.Data;

namespace Portal.Api.Devices;

/// <summary>Makes a device, by plain creation or by a claim: what waits for its serial is admitted in the same transaction.</summary>
internal sealed class DeviceRegistration(PortalDbContext db, DeviceAdmission admission, AuditTrail audit, TimeProvider clock)
{
    public async Task<Results<Created<DeviceCreated>, ValidationProblem, ProblemHttpResult>> CreateAsync(
        ClaimsPrincipal caller, string action, DeviceBody body, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(body.SiteId, out var site)) return Refusals.Invalid("siteId", DeviceEndpoints.NoSuchSite);
        if (await db.Devices.CountAsync(cancellationToken) >= DeviceEndpoints.MaxDevices)
        {
            return Refusals.Conflict(
                ProblemKinds.LimitReached, $"A portal holds {DeviceEndpoints.MaxDevices} devices at most.", "Delete a device that is no longer needed.");
        }

        var device = new Device
        {
            SiteId = site,
            Name = body.Name.Trim(),
            ExternalId = body.ExternalId,
            Model = DeviceEndpoints.Text(body.Model),
            Role = body.Role is null ? DeviceRole.Main : DeviceItems.Role(body.Role),
            CreatedAt = clock.GetUtcNow(),
        };
        if (await AuditedDevice.FindAsync(db, device, cancellationToken) is not { } audited) return Refusals.Invalid("siteId", DeviceEndpoints.NoSuchSite);
        var entry = audit.Entry(caller, action, device.ExternalId, audited);
        var result = await admission.CreateAsync(device, entry, cancellationToken);
        return result.Outcome switch
        {
            AdmissionOutcome.Done => TypedResults.Created(
                string.Create(CultureInfo.InvariantCulture, $"/api/devices/{device.Id}"), device.Created(result.AdmittedRows)),
            AdmissionOutcome.UnknownSite => Refusals.Invalid("siteId", DeviceEndpoints.NoSuchSite),
            _ => DeviceEndpoints.Taken(),
        };
    }
}
