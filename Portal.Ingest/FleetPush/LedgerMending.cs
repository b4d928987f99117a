using Portal.Contracts.Fleet;
using Portal.Data;
using Portal.Data.FleetPush;
using Portal.Domain.Measurements;
using Portal.TimeSeries;

namespace Portal.Ingest.FleetPush;

/// <summary>
/// Makes both sides hold the same of a device-day that the fleet has otherwise: fetches what is there, fills in what is missing here (values that
/// are here stay), then pushes the whole day with the right to replace.
/// </summary>
internal sealed class LedgerMending(
    PushSession session,
    PushCourier courier,
    MeasurementPush measurements,
    MeasurementWriter writer,
    LostDevices devices,
    TimeProvider clock,
    ILogger logger,
    PushStopping stopping
)
{
    /// <param name="there">What the fleet holds; one row at least.</param>
    /// <param name="here">What is held here; null: nothing.</param>
    /// <returns>Null where it is done as far as it can be; else the attempt that failed, after which nothing is half done.</returns>
    public async Task<PushOutcome?> MendAsync(LedgerDay there, LedgerEntry? here)
    {
        var outcome = await courier.TryAsync(LedgerQuestions.Fetch(there), [], isBeside: true);
        if (outcome.Result != PushResult.Acknowledged)
        {
            return outcome;
        }

        if (LedgerQuestions.Rows(outcome) is not { } fetched || Lost(there, fetched.Of) is not { } lost)
        {
            return new PushOutcome(PushResult.Unacceptable, outcome.Status, $"What the fleet answers of {there.ExternalId} on {there.Day:yyyy-MM-dd} can't be read.");
        }

        var device = await devices.RestoreAsync(lost, stopping.Now);
        if (device is null || (here is not null && here.DeviceId != device) || (here is not null && !await session.Ledger.MendAsync(here, note: false, stopping.Now)))
        {
            return null; // deleted here, or another one by now, or mended in vain
        }

        if (here is null)
        {
            await session.Ledger.OpenAsync(device.Value, there.Day, clock.GetUtcNow(), stopping.Now);
        }

        var result = await writer.WriteAsync(fetched.Rows.Batch, stopping.Now);
        logger.LogInformation(
            "Fetched {Rows} rows of {Device} on {Day:yyyy-MM-dd} from the fleet; {Filled} of them were missing here, or values of them",
            fetched.Rows.Batch.Count,
            there.ExternalId,
            there.Day,
            result.Outcomes.Count(row => row == RowOutcome.Accepted)
        );
        if (here is not null)
        {
            var day = new DeviceDay(new DeviceKey(here.DeviceId), here.Day);
            await measurements.SendAsync([new OutboxRange(here.DeviceId, day.From.Ticks, day.To.Ticks - TimeSpan.TicksPerMicrosecond)], [], replace: true);
        }

        return null;
    }

    private static LostDevice? Lost(LedgerDay day, FetchedDevice of) =>
        of is { Site: { } site, Device: { } device } && Guid.TryParse(site.ExternalId, out var siteId) && site.Name is not null && site.TimeZone is not null
            ? new LostDevice(
                day.ExternalId,
                siteId,
                site.Name,
                site.TimeZone,
                device.Name ?? day.ExternalId,
                device.Model,
                Enum.TryParse<DeviceRole>(device.Role, ignoreCase: true, out var role) ? role : DeviceRole.Main
            )
            : null;
}
