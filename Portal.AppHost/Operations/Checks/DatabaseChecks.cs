using System.Globalization;
using System.Runtime.CompilerServices;
using Portal.AppHost.Manifests;
using Portal.Domain.Texts;

namespace Portal.AppHost.Operations.Checks;

/// <summary>What the database says: that it answers, how old the newest backup is, and how the push to the fleet goes.</summary>
internal sealed class DatabaseChecks(DeployedStack stack, StackDatabase database, TimeProvider clock)
{
    // As backup.sh health: one a day, and a day of grace.
    private static readonly TimeSpan BackupTooOld = TimeSpan.FromDays(2);

    // A push goes out every minute, also where there is nothing new; an aggregator that is started anew is away for less.
    private static readonly TimeSpan PushTooOld = TimeSpan.FromMinutes(5);

    // The ledger mends by itself within an exchange or two.
    private static readonly TimeSpan OpenTooLong = TimeSpan.FromHours(1);

    private const string ServerSql =
        """
        SELECT current_setting('server_version'), coalesce((SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'), 'none'),
               pg_size_pretty(pg_database_size(current_database()));
        """;

    private const string BackupSql =
        """
        SELECT extract(epoch FROM max("EndedAt") FILTER (WHERE "Ok")), extract(epoch FROM max("EndedAt") FILTER (WHERE NOT "Ok")),
               (SELECT extract(epoch FROM min("CreatedAt")) FROM identity."Users")
          FROM portal."Backups";
        """;

    private const string PushSql =
        """
        SELECT extract(epoch FROM p."LastSuccessAt"), extract(epoch FROM p."SwitchedOnAt"), p."Paused", p."SetAside",
               coalesce((SELECT sum("Rows") FROM monitoring."OutboxRanges"), 0),
               (SELECT extract(epoch FROM min("NotedAt")) FROM monitoring."OutboxRanges"),
               (SELECT count(*) FROM monitoring."LedgerDays" WHERE "DiffersAt" IS NOT NULL),
               (SELECT extract(epoch FROM min("DiffersAt")) FROM monitoring."LedgerDays"),
               extract(epoch FROM p."LedgerAt"), replace(replace(coalesce(p."LastError", ''), '|', '/'), E'\n', ' ')
          FROM monitoring."FleetPush" AS p;
        """;

    private const string FleetSql =
        """
        SELECT count(*) FILTER (WHERE "Active"), count(*) FILTER (WHERE "Active" AND coalesce("LastPushAt", "CreatedAt") < now() - interval '5 minutes')
          FROM fleet."Customers";
        """;

    public async IAsyncEnumerable<Check> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        if (!database.CanBeAsked)
        {
            yield return Check.Notable("database", $"not asked: it is at {stack.Published.DatabaseHost}, and no pod here has psql", "/health/ready above says whether the stack reaches it; look at backups and the push there.");
            yield break;
        }

        var server = await database.RunAsync(ServerSql, cancel);
        if (Row(server, 3) is not { } facts)
        {
            yield return Check.Failed("database", server.Said, stack.HasDatabase ? "Look at its service above and its log." : $"Is {stack.Published.DatabaseHost} up, and is POSTGRES_PASSWORD in .env its owner's?");
            yield break;
        }

        yield return Check.Good("database", $"PostgreSQL {facts[0]}, TimescaleDB {facts[1]}, {facts[2]}");
        yield return Backup(await database.RunAsync(BackupSql, cancel));
        if (stack.Kind == StackKind.Admin) yield return Fleet(await database.RunAsync(FleetSql, cancel));
        else if (stack.Published.FleetUrl is null) yield return Check.Good("fleet push", "is off");
        else yield return Push(await database.RunAsync(PushSql, cancel));
    }

    private Check Backup(ToolAnswer answer)
    {
        const string subject = "backup";
        var make = $"Make one now: ./portal backup --directory {stack.Directory.Root}";
        if (Row(answer, 3) is not { } times) return Check.Failed(subject, answer.Said, "The table portal.\"Backups\" is of the stack's schema: see the start of api.");
        var (good, bad) = (Time(times[0]), Time(times[1]));
        if (good is null && bad is null && Time(times[2]) is { } began && clock.GetUtcNow() - began < BackupTooOld) return Check.Notable(subject, "none yet", $"The first one is made by itself within a day. {make}");
        if (good is not { } made) return Check.Failed(subject, bad is null ? "none was ever made" : $"none succeeded, the last try failed {Ago(bad.Value)}", make);
        if (bad > made) return Check.Failed(subject, $"the last try failed {Ago(bad.Value)}, the newest good one was made {Ago(made)}", $"Its log says why. {make}");
        return clock.GetUtcNow() - made > BackupTooOld ? Check.Failed(subject, $"the newest was made {Ago(made)}", make) : Check.Good(subject, $"made {Ago(made)}");
    }

    private Check Push(ToolAnswer answer)
    {
        const string subject = "fleet push";
        if (!answer.Succeeded) return Check.Failed(subject, answer.Said, "Look at the start of api: the tables are of its schema.");
        if (Row(answer, 10) is not { } row) return Check.Failed(subject, "is not switched on in the database yet", "ingest does that when it starts: look at its service above and its log.");
        var (success, on, waiting, differs) = (Time(row[0]), Time(row[1]), Time(row[5]), Time(row[7]));
        var seen = string.Join(", ", new[]
        {
            success is { } at ? $"last accepted {Ago(at)}" : "nothing accepted yet",
            row[4] == "0" ? "nothing waits" : $"{Counted.Of(Number(row[4]), "row waits", "rows wait")}, the oldest since {Age(waiting!.Value)}",
            Time(row[8]) is { } compared ? $"ledger: {Counted.Of(Number(row[6]), "open difference")}, compared {Ago(compared)}" : "ledger: not compared yet",
            row[3] == "0" ? null : $"{Counted.Of(Number(row[3]), "batch", "batches")} set aside",
            row[9].Length > 0 ? row[9] : null,
        }.OfType<string>());
        if (row[2] == "t") return Check.Failed(subject, seen, $"The fleet refuses this stack, or it has no token: ./portal rotate fleet-token --directory {stack.Directory.Root}. Nothing is lost meanwhile.");
        if (clock.GetUtcNow() - (success ?? on) > PushTooOld) return Check.Failed(subject, seen, $"Is {stack.Published.FleetUrl} reachable from here? Nothing is lost: it goes on by itself.");
        if (differs is { } since && clock.GetUtcNow() - since > OpenTooLong) return Check.Failed(subject, $"{seen}, open since {Age(since)}", "They mend by themselves as a rule; Settings, Fleet connection says more, and so does ingest's log.");
        return row[6] != "0" || row[3] != "0" || success is null || row[9].Length > 0 ? Check.Notable(subject, seen, "It goes on by itself; look again in a few minutes.") : Check.Good(subject, seen);
    }

    private static Check Fleet(ToolAnswer answer)
    {
        const string subject = "fleet";
        if (Row(answer, 2) is not { } row) return Check.Failed(subject, answer.Said, "Look at the start of aggregator: the tables are of its schema.");
        var seen = $"{Counted.Of(Number(row[0]), "active customer")}, {row[1]} of them without a push for five minutes";
        return row[1] == "0" ? Check.Good(subject, seen) : Check.Notable(subject, seen, "Customers in the Admin stack's pages says which; verify in that customer's directory says why.");
    }

    private static string[]? Row(ToolAnswer answer, int columns) =>
        answer.Succeeded && answer.Output.Trim().Split('\n')[0].Split('|') is { } row && row.Length == columns ? row : null;

    private static long Number(string count) => long.Parse(count, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string seconds) =>
        double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var since) ? DateTimeOffset.UnixEpoch.AddSeconds(since) : null;

    private string Ago(DateTimeOffset at) => $"{Age(at)} ago";

    private string Age(DateTimeOffset at) => (clock.GetUtcNow() - at) switch
    {
        { TotalSeconds: < 120 } age => $"{Math.Max(0, Math.Floor(age.TotalSeconds)):0} s",
        { TotalMinutes: < 120 } age => $"{Math.Floor(age.TotalMinutes):0} minutes",
        { TotalHours: < 48 } age => $"{Math.Floor(age.TotalHours):0} hours",
        var age => Counted.Of((long)age.TotalDays, "day"),
    };
}
