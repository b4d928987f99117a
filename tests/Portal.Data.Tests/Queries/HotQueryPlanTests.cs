using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Data.FleetPush;
using Portal.Data.Queries;
using Portal.Data.Queries.Charts;
using Portal.Domain.Energy;
using Portal.Domain.Measurements;
using Portal.Testing;

namespace Portal.Data.Tests.Queries;

/// <summary>
/// The plans by which the server really runs what is asked most: what a device or a day needs is found by an index, however much else is stored. 60
/// devices over 35 days and two partitions, written in the order of time as meters post.
/// </summary>
public sealed class HotQueryPlanTests : IAsyncLifetime
{
    private const int Devices = 60;
    private const int Device = 17;

    /// <summary>Rows of one device's 30 days, a row every twenty minutes, and quarter hours of 35 days.</summary>
    private const int OfOneDevice = 35 * 96;

    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyList<Quantity> Power = [Quantities.ActivePowerKw];

    private readonly RecordedPlans plans = new();
    private PortalHost host = null!;
    private string connection = "";

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null) return;
        connection = await PostgresServer.CreateDatabaseAsync("plans");
        host = PortalHost.Create(connection, clock: new FakeTimeProvider(Now), dataSource: plans.DataSource(connection));
        await host.Schema.MigrateAsync(null, CancellationToken.None);
        await FillAsync();
    }

    public async Task DisposeAsync()
    {
        if (host is not null) await host.DisposeAsync();
    }

    [PostgresFact]
    public async Task A_device_costs_its_own_rows_and_no_others()
    {
        await AskAsync("last 50 measurements", 50, async () => Assert.Equal(50, (await Get<MeasurementQueries>().PageAsync(Device, Now.AddYears(-1), Now, 50, null, default)).Count));
        await AskAsync("30 days by the hour from raw rows", OfOneDevice, async () =>
            Assert.NotEmpty((await Get<SeriesQueries>().ReadAsync(Device, IntervalGrid.Edges(Now.AddDays(-30), Now, IntervalLength.Hour, TimeZoneInfo.Utc, 1_000)!, Power, default)).Starts));
        await AskAsync("30 days of raw rows for a screen", OfOneDevice, () => ChartAsync(Quantities.Voltage1V, 500));
        await AskAsync("30 days from roll-ups for a screen", OfOneDevice, () => ChartAsync(Quantities.ActivePowerKw, 500));
        await AskAsync("energy of a month by the day", 32 * 24, async () =>
            Assert.NotEmpty(await Get<EnergyQueries>().IntervalsAsync([Device], IntervalGrid.Edges(Now.AddDays(-30), Now, IntervalLength.Day, TimeZoneInfo.Utc, 1_000)!, default)));
        await AskAsync("quality of a month", OfOneDevice, async () => Assert.True((await Get<QualityQueries>().ReadAsync(Device, Now.AddDays(-30), Now, default)).Rows > 1_000));
        await AskAsync("duplicates of a month", 100, () => Get<QualityQueries>().DuplicatesAsync(Device, Now.AddDays(-30), Now, default));
        await AskAsync("what is kept of a device", OfOneDevice, async () => Assert.True((await Get<QualityQueries>().HoldingsAsync(Device, default)).Rows > 500));
    }

    /// <summary>Of half of the registers there is no reading at all; around the long range, and around the one to come, there is none of the others.</summary>
    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bill_reads_the_rows_of_its_period_once(bool planIsKept)
    {
        await using var prepared = plans.DataSource(connection, preparedStatements: 10);
        var registers = planIsKept ? new RegisterQueries(prepared) : Get<RegisterQueries>();
        var all = Enum.GetValues<RolledUpRegister>();
        await AskAsync("a bill's registers of a week by the quarter", 8 * 96, () => CurvesAsync(Now.AddDays(-15), Now.AddDays(-8), hourly: false));
        await AskAsync("a bill's registers of a week by the hour", 8 * 24, () => CurvesAsync(Now.AddDays(-15), Now.AddDays(-8), hourly: true));
        await AskAsync("a bill's registers of days to come", 8, () => CurvesAsync(Now.AddDays(2), Now.AddDays(9), hourly: false));
        await AskAsync("a bill's registers of years ago", 8, () => CurvesAsync(Now.AddYears(-2), Now.AddYears(-1), hourly: false));

        async Task CurvesAsync(DateTimeOffset from, DateTimeOffset to, bool hourly) =>
            Assert.Equal(2, (await registers.CurvesAsync([Device], all, from, to, hourly, default)).Values.Count(curves => curves[Device].FirstAt is not null));
    }

    [PostgresFact]
    public async Task The_start_page_looks_each_meter_up()
    {
        int[] mains = [.. Enumerable.Range(1, 10)];
        var overview = Get<OverviewQueries>();
        await AskAsync("power now", 10, async () => Assert.Equal(10, (await overview.NowAsync(mains, default)).Count));
        await AskAsync("energy of today and yesterday", 10 * 100, async () =>
        {
            await overview.TodayAsync([mains], TimeZoneInfo.Utc, default);
            await overview.YesterdayAsync([mains], TimeZoneInfo.Utc, default);
        });
        await AskAsync("the day's curve of all mains", 10 * 96, async () => Assert.NotEmpty((await Get<ChartQueries>().SumAsync(mains, Now.AddDays(-1), Now, TimeZoneInfo.Utc, 90, TimeSpan.FromMinutes(15), default)).Times));
        await AskAsync("this month's peak", 10 * 20 * 96, async () => Assert.NotNull((await overview.PeaksAsync([mains], TimeZoneInfo.Utc, default))[0]));
    }

    [PostgresFact]
    public async Task The_push_reads_what_its_notes_say()
    {
        await using var session = (await PushSession.TryLeadAsync(host.DataSource, default))!;
        await session.SwitchOnAsync(default); // notes all there is
        OutboxRound round = null!;
        await AskAsync("the newest notes", 200, async () => Assert.NotEmpty((round = await session.Outbox.TakeAsync(oldest: false, 100, long.MaxValue, default)).NoteIds));
        await AskAsync("their rows", 200, async () =>
        {
            var rows = 0;
            await session.Outbox.ReadAsync(round.Ranges, 100, _ => rows++, default);
            Assert.NotEqual(0, rows);
        });
        await AskAsync("their acknowledgement", 200, () => session.Outbox.AcknowledgeAsync(round.NoteIds, default));
        // A year is settled and nothing waits any more, as when the ledger is worked on.
        await host.ExecuteAsync(
            $"""
            DELETE FROM monitoring."OutboxRanges";
            INSERT INTO monitoring."LedgerDays" ("DeviceId", "Day", "Changed", "Hashed", "Rows", "ComparedAt")
            SELECT d, '2025-10-01'::date + n, 1, 1, 72, now() FROM generate_series(1, {Devices}) AS d CROSS JOIN generate_series(1, 360) AS n ON CONFLICT DO NOTHING;
            ANALYZE monitoring."OutboxRanges", monitoring."LedgerDays";
            """);
        await AskAsync("hashing the ledger's days", 50 * 72, async () => Assert.True(await session.Ledger.HashAsync(DateOnly.FromDateTime(Now.UtcDateTime).AddDays(1), default)));
    }

    private async Task ChartAsync(Quantity quantity, int points) =>
        Assert.NotEmpty((await Get<ChartQueries>().ReadAsync(Device, Now.AddDays(-30), Now, TimeZoneInfo.Utc, points, [quantity], default)).Times);

    private async Task AskAsync(string what, int mostRows, Func<Task> ask)
    {
        plans.Clear();
        await ask();
        foreach (var table in (string[])["PowerMeasurements", "QuarterHourlyRollUps", "HourlyRollUps", "OutboxRanges", "LedgerDays"])
        {
            plans.AssertNoneScans(what, table);
        }

        plans.AssertNoneReads("SELECT", mostRows, what);
    }

    private T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    private async Task FillAsync()
    {
        await host.ExecuteAsync(
            $"""
            INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt") VALUES ('00000000-0000-0000-0000-000000000001', 'Depot', 'UTC', now());
            INSERT INTO monitoring."Devices" ("SiteId", "Name", "ExternalId", "Role", "CreatedAt")
            SELECT '00000000-0000-0000-0000-000000000001', 'Meter ' || d, 'D' || d, 'Main', now() FROM generate_series(1, {Devices}) AS d;
            SELECT monitoring.ensure_partition('2026-10-01'), monitoring.ensure_partition('2026-11-01');
            INSERT INTO monitoring."PowerMeasurements" ("DeviceId", "Time", "ReceivedAt", "ActivePowerKw", "Voltage1V", "EnergyImportKwh", "ReactiveEnergyImportKvarh")
            SELECT d, t, t, 5, 230, extract(epoch FROM t) / 3600, extract(epoch FROM t) / 9000
              FROM generate_series('2026-10-16'::timestamptz, '2026-11-20 11:55+00', interval '20 minutes') AS t CROSS JOIN generate_series(1, {Devices}) AS d;
            """);
        foreach (var (table, step) in ((string, string)[])[("QuarterHourlyRollUps", "15 minutes"), ("HourlyRollUps", "1 hour")])
        {
            await host.ExecuteAsync(
                $"""
                INSERT INTO monitoring."{table}" (device_id, bucket, samples, first_at, last_at, power_mean_kw, power_samples, reactive_samples,
                  import_first_kwh, import_first_at, import_last_kwh, import_last_at, import_min_kwh, import_max_kwh,
                  reactive_import_first_kvarh, reactive_import_first_at, reactive_import_last_kvarh, reactive_import_last_at, reactive_import_min_kvarh, reactive_import_max_kvarh)
                SELECT d, b, 1, b, b, 5, 1, 0, k, b, k, b, k, k, k, b, k, b, k, k
                  FROM generate_series('2026-10-16'::timestamptz, '2026-11-20 11:55+00', interval '{step}') AS b
                 CROSS JOIN generate_series(1, {Devices}) AS d CROSS JOIN LATERAL (SELECT extract(epoch FROM b)::double precision / 3600 AS k) AS kwh
                """);
        }

        await host.ExecuteAsync("ANALYZE");
    }
}
