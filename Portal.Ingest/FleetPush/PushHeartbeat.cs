using System.Reflection;
using System.Text.Json;
using Portal.Contracts.Fleet;
using Portal.Data.FleetPush;

namespace Portal.Ingest.FleetPush;

/// <summary>
/// Tells the fleet every interval that this stack lives, and how: also when there is nothing else to push, and between the attempts of a batch
/// that fails.
/// </summary>
internal sealed class PushHeartbeat(
    PushSession session,
    PushCourier courier,
    FleetPushInstruments instruments,
    TimeProvider clock,
    PushStopping stopping,
    TimeSpan interval
)
{
    private const int MaxVersion = 64;

    private static readonly string? Version = Assembly
        .GetExecutingAssembly()
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion is { } version
        ? version[..Math.Min(version.Length, MaxVersion)]
        : null;

    private long? sent;
    private long merged;

    /// <summary>The newest note when the last heartbeat was made: a push goes up to it.</summary>
    public long LastNote { get; private set; }

    public bool IsDue => sent is not { } at || clock.GetElapsedTime(at) >= interval;

    /// <summary>
    /// Until one is acknowledged. Nothing else is pushed before that: a fleet that can't even read a heartbeat is too old or isn't the fleet,
    /// and its refusals of batches say nothing about them.
    /// </summary>
    public async Task DeliverAsync()
    {
        for (var failures = 1; ; failures++)
        {
            var outcome = await courier.TryAsync(await MakeAsync(), []);
            if (outcome.Result == PushResult.Acknowledged)
            {
                return;
            }

            await courier.WaitAsync(outcome, failures);
        }
    }

    /// <summary>One attempt where one is due, whatever comes of it.</summary>
    public async Task IfDueAsync()
    {
        if (IsDue)
        {
            await courier.TryAsync(await MakeAsync(), [], isBeside: true);
        }
    }

    private async Task<PushMessage> MakeAsync()
    {
        sent = clock.GetTimestamp();
        var backlog = await session.Journal.BacklogAsync(stopping.Now);
        if (await session.Outbox.MergeAsync(backlog.Notes, merged, stopping.Now) is { } left)
        {
            merged = left;
            backlog = await session.Journal.BacklogAsync(stopping.Now);
        }

        LastNote = backlog.LastNote;
        instruments.Read(backlog);
        var now = clock.GetUtcNow();
        var client = new PushClient(
            PushProtocol.Current,
            Version,
            now,
            backlog.Rows,
            backlog.NewestTime,
            DiskSpace.Free(),
            backlog.LastBackupAt
        );
        var batch = new PushBatch<SiteRow>(PushProtocol.Current, Guid.CreateVersion7(), BatchTypes.Heartbeat, now, [], client);
        return new PushMessage(
            batch.BatchId,
            batch.BatchType,
            0,
            JsonSerializer.SerializeToUtf8Bytes(batch, PushJson.Default.PushBatchSiteRow),
            IsCompressed: false
        );
    }
}
