using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Api.Auth;
using Portal.Api.Requests;
using Portal.Contracts;
using Portal.Contracts.Devices;
using Portal.Data;

namespace Portal.Api.Devices;

internal static class UnclaimedEndpoints
{
    private const int DroppedDays = 90;

    public static void MapUnclaimed(this IEndpointRouteBuilder devices)
    {
        devices.MapGet("/unclaimed", ListAsync).RequireAuthorization(Policies.Admin);
        devices.MapGet("/unclaimed/dropped", DroppedAsync).RequireAuthorization(Policies.Admin);
        devices.MapPost("/unclaimed/{externalId}/claim", ClaimAsync).RequireAuthorization(Policies.Admin);
    }

    // By serial.
    private static async Task<Results<Ok<Page<UnclaimedItem>>, ValidationProblem>> ListAsync(
        [AsParameters] PageRequest request, UnclaimedDevices unclaimed, CancellationToken cancellationToken)
    {
        if (request.Read(usual: PageRequest.MaxLimit, keys: 1, out var page) is { } invalid) return invalid;
        var devices = await unclaimed.ListAsync(page.After?[0], page.Limit + 1, cancellationToken);
        return TypedResults.Ok(page.Cut(
            devices,
            device => new UnclaimedItem(device.ExternalId, device.Rows, device.FirstReceivedAt, device.LastReceivedAt, device.NewestTime),
            device => [device.ExternalId]));
    }

    private static async Task<Ok<DroppedRows>> DroppedAsync(PortalDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var from = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-DroppedDays);
        var drops = await db.QuarantineDrops.AsNoTracking().Where(drop => drop.Day > from).ToListAsync(cancellationToken);
        return TypedResults.Ok(new DroppedRows(Rows(QuarantineDrops.Age), Rows(QuarantineDrops.Size), drops.Count == 0 ? null : drops.Max(drop => drop.Day)));

        long Rows(string reason) => drops.Where(drop => drop.Reason == reason).Sum(drop => drop.Rows);
    }

    private static async Task<Results<Created<DeviceCreated>, NotFound, ValidationProblem, ProblemHttpResult>> ClaimAsync(
        string externalId, ClaimBody body, ClaimsPrincipal caller, UnclaimedDevices unclaimed, DeviceRegistration registration,
        CancellationToken cancellationToken)
    {
        // A path keeps an escaped slash escaped. A serial that holds "%2F" itself is claimed by POST /api/devices.
        var serial = externalId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (await unclaimed.FindAsync(serial, cancellationToken) is null) return TypedResults.NotFound();

        var device = new DeviceBody(body.SiteId, DeviceEndpoints.Text(body.Name) ?? serial, serial, body.Model, body.Role);
        var created = await registration.CreateAsync(caller, "device.claimed", device, cancellationToken);
        return created.Result switch
        {
            Created<DeviceCreated> done => done,
            ValidationProblem invalid => invalid,
            var refused => (ProblemHttpResult)refused,
        };
    }
}
