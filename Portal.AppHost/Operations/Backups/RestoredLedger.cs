using System.Globalization;
using Portal.AppHost.Manifests;
using Portal.Domain.Texts;

namespace Portal.AppHost.Operations.Backups;

/// <summary>
/// What the delivery ledger says after a restore (docs/adr/0006). Ingest compares all days when its push begins, which a start is; what the fleet has
/// and the stack lacks is fetched back, what the fleet lacks is pushed again. Here it is only watched.
/// </summary>
internal sealed class RestoredLedger(DeployedStack stack, StackDatabase database, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Questions follow each other at once while all days are compared: after this long without one it is over.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);

    private DateTimeOffset _begun;

    /// <summary>From now on a comparison counts.</summary>
    public void Begin() => _begun = clock.GetUtcNow();

    /// <summary>Waits until both sides are even, or patience ends; says how it stands.</summary>
    public Task<string?> CompareAsync(BackupManifest manifest, TimeSpan patience, CancellationToken cancel) => stack switch
    {
        _ when !database.CanBeAsked => Task.FromResult<string?>("The database can't be asked from here: look at Settings, Fleet connection."),
        { Kind: StackKind.Admin } => FleetAsync(patience, cancel),
        { Published.FleetUrl: null } => Task.FromResult<string?>("The stack pushes to no fleet: there is nothing to compare with."),
        _ => CustomerAsync(manifest, patience, cancel),
    };

    private async Task<string?> CustomerAsync(BackupManifest manifest, TimeSpan patience, CancellationToken cancel)
    {
        var sql = $"""
            SELECT coalesce(extract(epoch FROM clock_timestamp() - p."LedgerAt"), 1e9), p."Paused", (SELECT count(*) FROM monitoring."OutboxRanges"),
                   (SELECT count(*) FROM monitoring."LedgerDays" WHERE "DiffersAt" IS NOT NULL),
                   (SELECT count(*) FROM monitoring."LedgerDays" WHERE "ProvenAt" IS NOT NULL),
                   replace(replace(coalesce(p."LastError", ''), '|', '/'), E'\n', ' ')
              FROM monitoring."FleetPush" AS p;
            """;
        var said = "the fleet has not compared yet";
        for (var from = clock.GetTimestamp(); clock.GetElapsedTime(from) < patience; await Task.Delay(Pause, clock, cancel))
        {
            if (Row(await database.RunAsync(sql, cancel), 6) is not { } row) continue;
            var since = double.Parse(row[0], CultureInfo.InvariantCulture);
            if (row[1] == "t") return $"The fleet refuses this stack, so nothing is compared: {row[5]} ./portal rotate fleet-token --directory {stack.Directory.Root} gives it a new token. Nothing is lost meanwhile.";
            var compared = clock.GetUtcNow().AddSeconds(-since) >= _begun;
            if (row[5].Length > 0) said = row[5];
            else if (compared) said = $"{Proven(row[4])}, {row[3]} differ and {Counted.Of(Number(row[2]), "range waits", "ranges wait")} to be pushed";
            if (compared && row[2] == "0" && row[3] == "0" && since >= Quiet.TotalSeconds) return $"{Proven(row[4])}, none differs.{await CameBackAsync(manifest, cancel)}";
        }

        return $"After {patience.TotalMinutes:0} minutes {said}.{await CameBackAsync(manifest, cancel)} It goes on by itself: ./portal verify says when it is even.{await DifferingAsync(cancel)}";
    }

    private async Task<string> CameBackAsync(BackupManifest manifest, CancellationToken cancel)
    {
        var asked = await database.RunAsync("""SELECT count(*) FROM monitoring."PowerMeasurements"; """, cancel);
        if (!asked.Succeeded || !long.TryParse(asked.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var now)) return "";
        return $" {Counted.Of(now - manifest.Measurements, "measurement")} came since, back from the fleet or from meters.";
    }

    private async Task<string> DifferingAsync(CancellationToken cancel)
    {
        var asked = await database.RunAsync(
            """
            SELECT d."ExternalId" || ' on ' || l."Day" FROM monitoring."LedgerDays" AS l JOIN monitoring."Devices" AS d ON d."Id" = l."DeviceId"
             WHERE l."DiffersAt" IS NOT NULL ORDER BY l."Day" DESC LIMIT 10;
            """,
            cancel);
        var days = asked.Succeeded ? asked.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
        return days.Length == 0 ? "" : $"\n   Differing: {string.Join("; ", days)}";
    }

    private async Task<string?> FleetAsync(TimeSpan patience, CancellationToken cancel)
    {
        var sql = string.Create(CultureInfo.InvariantCulture, $"""
            SELECT count(*) FILTER (WHERE "Active" AND "LastPushAt" IS NOT NULL),
                   count(*) FILTER (WHERE "Active" AND "LedgerComparedAt" >= to_timestamp({_begun.ToUnixTimeSeconds()})),
                   (SELECT count(*) FROM fleet."LedgerDays" WHERE "DiffersAt" IS NOT NULL),
                   (SELECT count(*) FROM fleet."LedgerDays" WHERE "ProvenAt" IS NOT NULL)
              FROM fleet."Customers";
            """);
        string[] last = ["0", "0", "0", "0"];
        for (var from = clock.GetTimestamp(); clock.GetElapsedTime(from) < patience; await Task.Delay(Pause, clock, cancel))
        {
            if (Row(await database.RunAsync(sql, cancel), 4) is not { } row) continue;
            last = row;
            if (row[0] == row[1] && row[2] == "0") return $"All that push, {Counted.Of(Number(row[0]), "customer")}, have compared; {Proven(row[3])}, none differs.";
        }

        return $"After {patience.TotalMinutes:0} minutes {last[1]} of {Counted.Of(Number(last[0]), "customer")} have compared, and {Counted.Of(Number(last[2]), "device-day differs", "device-days differ")}. It goes on by itself, by the next night at the latest: the customers' pages say when they are even.";
    }

    private static string Proven(string days) => Counted.Of(Number(days), "device-day is proven equal", "device-days are proven equal");

    private static long Number(string count) => long.Parse(count, CultureInfo.InvariantCulture);

    private static string[]? Row(ToolAnswer answer, int columns) =>
        answer.Succeeded && answer.Output.Trim().Split('\n')[0].Split('|') is { } row && row.Length == columns ? row : null;
}
