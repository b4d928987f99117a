using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Contracts.Fleet;
using Portal.Data.FleetPush;

namespace Portal.Ingest.FleetPush;

/// <summary>Pushes deletions before anything else, and sites and devices as a whole when they differ from what was acknowledged last.</summary>
internal sealed class CataloguePush(
    PushSession session,
    PushCourier courier,
    RefusedBatches refused,
    PushTokenSource tokens,
    TimeProvider clock,
    PushStopping stopping,
    FleetIngestOptions options
)
{
    private int? pushed;

    /// <summary>Pushes it unless it was since the fleet was away last: a side that was put back from a backup has another one than is remembered here.</summary>
    public Task PushAnewAsync() => pushed == courier.Recoveries ? Task.CompletedTask : PushAsync(always: true);

    /// <summary>What is to be pushed of the catalogue is. </summary>
    /// <param name="always">Also where it seems to be there: the fleet says that it doesn't know a device.</param>
    public async Task PushAsync(bool always = false)
    {
        await PushTombstonesAsync();
        var (sites, devices, acknowledged) = await session.Catalogue.ReadAsync(stopping.Now);
        SiteRow[] siteRows = [.. sites.Select(site => new SiteRow(Key(site.Id), site.Name, site.TimeZone))];
        DeviceRow[] deviceRows =
        [
            .. devices.Select(device => new DeviceRow(
                device.ExternalId,
                Key(device.SiteId),
                device.Name,
                device.Model,
                device.Role.ToString().ToLowerInvariant()
            )),
        ];
        var fingerprint = Fingerprint(siteRows, deviceRows);
        if (!always && acknowledged is not null && fingerprint.AsSpan().SequenceEqual(acknowledged))
        {
            await PushDeletedSitesAsync(always);
            return;
        }

        foreach (var chunk in siteRows.Chunk(options.BatchSize))
        {
            await DeliverAsync(Sites(chunk));
        }

        foreach (var chunk in deviceRows.Chunk(options.BatchSize))
        {
            await DeliverAsync(Devices(chunk));
        }

        await PushDeletedSitesAsync(always);
        await session.Catalogue.AcknowledgeAsync(fingerprint, stopping.Now);
        pushed = courier.Recoveries;
    }

    /// <summary>
    /// Pushes deletions that the fleet doesn't know of. Rows of a device that was made anew under the same serial must not be there before, or
    /// they would go with the old one's: so this comes between reading notes and sending their rows.
    /// </summary>
    /// <returns>True where there were any.</returns>
    public async Task<bool> PushTombstonesAsync()
    {
        var any = false;
        while (await session.Catalogue.TombstonesAsync(options.BatchSize, stopping.Now) is { Count: > 0 } tombstones)
        {
            any = true;
            await DeliverAsync(Devices([.. tombstones.Select(tombstone => new DeviceRow(tombstone.ExternalId, null, null, null, null, Deleted: true))]));
            await session.Catalogue.AcknowledgeAsync(tombstones, stopping.Now);
        }

        return any;
    }

    // Last of all: their devices are at other sites by then. Always: a fleet that was put back from a backup has them again.
    private async Task PushDeletedSitesAsync(bool always)
    {
        foreach (var chunk in (await session.Catalogue.DeletedSitesAsync(always, stopping.Now)).Chunk(options.BatchSize))
        {
            await DeliverAsync(Sites([.. chunk.Select(site => new SiteRow(Key(site), null, null, Deleted: true))]));
            await session.Catalogue.AcknowledgeAsync(chunk, stopping.Now);
        }
    }

    private async Task DeliverAsync(PushMessage message)
    {
        var outcome = await courier.DeliverAsync(message, []);
        if (outcome.Result == PushResult.Acknowledged)
        {
            await refused.RejectedAsync(message, outcome.Answer!);
        }
        else
        {
            // Pushed as a whole again once it has changed.
            await refused.SetAsideAsync(message, outcome, []);
        }
    }

    private PushMessage Sites(SiteRow[] rows)
    {
        var batch = new PushBatch<SiteRow>(PushProtocol.Current, Guid.CreateVersion7(), BatchTypes.Sites, clock.GetUtcNow(), rows);
        return new(batch.BatchId, batch.BatchType, rows.Length, JsonSerializer.SerializeToUtf8Bytes(batch, PushJson.Default.PushBatchSiteRow), false);
    }

    private PushMessage Devices(DeviceRow[] rows)
    {
        var batch = new PushBatch<DeviceRow>(PushProtocol.Current, Guid.CreateVersion7(), BatchTypes.Devices, clock.GetUtcNow(), rows);
        return new(batch.BatchId, batch.BatchType, rows.Length, JsonSerializer.SerializeToUtf8Bytes(batch, PushJson.Default.PushBatchDeviceRow), false);
    }

    // With address and token: another fleet, or one that registered this stack anew, has none of it.
    private byte[] Fingerprint(SiteRow[] sites, DeviceRow[] devices)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(options.IngestUrl!.AbsoluteUri));
        hash.AppendData(tokens.Read().Token?.Hash() ?? []);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(sites, PushJson.Default.SiteRowArray));
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(devices, PushJson.Default.DeviceRowArray));
        return hash.GetHashAndReset();
    }

    private static string Key(Guid site) => site.ToString();
}
