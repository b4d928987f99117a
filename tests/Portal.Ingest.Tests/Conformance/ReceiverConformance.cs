using System.Net;
using System.Net.Http.Json;
using Npgsql;
using Portal.Contracts.Ingest;
using Portal.Data;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.Conformance;

/// <summary>What every receiver owes a meter, whatever it posts in.</summary>
public abstract class ReceiverConformance<TForm>(ConformanceFixture fixture) : IClassFixture<ConformanceFixture>
    where TForm : Form, new()
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly TForm Form = new();
    private readonly IngestHost host = fixture.Host;

    [PostgresFact]
    public async Task Values_arrive_in_the_right_units_at_the_right_time()
    {
        var (serial, zone) = await AddDeviceAsync();

        var answer = await PostAsync(serial, Readings(3), zone);

        Assert.Equal((3, 0, 0), Counts(answer));
        Assert.Equal([(Noon, 1000.5), (Noon.AddMinutes(1), 1001.75), (Noon.AddMinutes(2), 1003)], await ReadAsync(serial, "EnergyImportKwh"));
        Assert.Equal([(Noon, 10), (Noon.AddMinutes(1), 10.25), (Noon.AddMinutes(2), 10.5)], await ReadAsync(serial, "EnergyExportKwh"));
    }

    [PostgresFact]
    public async Task The_same_post_again_is_all_duplicate_and_changes_nothing()
    {
        var (serial, zone) = await AddDeviceAsync();
        await PostAsync(serial, Readings(5), zone);
        var before = await host.Catalogue.DumpAsync(serial);

        var again = await PostAsync(serial, Readings(5), zone);

        Assert.Equal((0, 5, 0), Counts(again));
        Assert.NotEmpty(before);
        Assert.Equal(before, await host.Catalogue.DumpAsync(serial));
    }

    [PostgresFact]
    public async Task A_second_logger_fills_in_its_columns_and_changes_nothing_else()
    {
        var (serial, zone) = await AddDeviceAsync();
        await PostAsync(serial, [.. Readings(4).Select(reading => reading with { ExportKwh = null })], zone);

        // It logs at half the pace, and its import register was read a moment later.
        var second = await PostAsync(serial, [.. Readings(4).Where((_, i) => i % 2 == 0).Select(r => r with { ImportKwh = r.ImportKwh + 9 })], zone);

        Assert.Equal((2, 0, 0), Counts(second));
        Assert.Equal([1000.5, 1001.75, 1003, 1004.25], (await ReadAsync(serial, "EnergyImportKwh")).Select(row => row.Value));
        Assert.Equal([10, null, 10.5, null], (await host.Catalogue.ReadAsync(serial, "EnergyExportKwh")).Select(row => row.Value));
    }

    [PostgresFact]
    public async Task A_differing_value_is_a_duplicate_and_the_first_one_stays()
    {
        var (serial, zone) = await AddDeviceAsync();
        await PostAsync(serial, Readings(2), zone);
        var before = await host.Catalogue.DumpAsync(serial);

        var other = await PostAsync(serial, [.. Readings(2).Select(reading => reading with { ImportKwh = reading.ImportKwh + 1 })], zone);

        Assert.Equal((0, 2, 0), Counts(other));
        Assert.Equal(before, await host.Catalogue.DumpAsync(serial));
    }

    [PostgresFact]
    public async Task Readings_out_of_order_are_all_stored()
    {
        var (serial, zone) = await AddDeviceAsync();

        await PostAsync(serial, [.. Readings(6).Skip(3)], zone);
        await PostAsync(serial, [.. Readings(6).Take(3).Reverse()], zone);

        Assert.Equal(Readings(6).Select(reading => (reading.Time, reading.ImportKwh!.Value)), await ReadAsync(serial, "EnergyImportKwh"));
    }

    [PostgresFact]
    public async Task Late_readings_are_stored_however_old()
    {
        var (serial, zone) = await AddDeviceAsync();
        await PostAsync(serial, Readings(1), zone);
        var old = new DateTimeOffset(2001, 2, 3, 4, 5, 0, TimeSpan.Zero);

        var late = await PostAsync(serial, [new Reading(old, 1), new Reading(Noon.AddYears(-3), 500)], zone);

        Assert.Equal((2, 0, 0), Counts(late));
        Assert.Equal([(old, 1), (Noon.AddYears(-3), 500), (Noon, 1000.5)], await ReadAsync(serial, "EnergyImportKwh"));
    }

    [PostgresFact]
    public async Task A_register_that_was_reset_is_stored_as_it_reads()
    {
        var (serial, zone) = await AddDeviceAsync();

        await PostAsync(serial, [new Reading(Noon, 999_999_999.25), new Reading(Noon.AddMinutes(1), 0), new Reading(Noon.AddMinutes(2), 0.5)], zone);

        Assert.Equal([999_999_999.25, 0, 0.5], (await ReadAsync(serial, "EnergyImportKwh")).Select(row => row.Value));
    }

    [PostgresTheory]
    [InlineData("Europe/Berlin", 2026, 3, 29, 23)]
    [InlineData("Europe/Berlin", 2025, 10, 26, 25)]
    [InlineData("America/New_York", 2025, 11, 2, 25)]
    [InlineData("America/New_York", 2026, 3, 8, 23)]
    [InlineData("Australia/Lord_Howe", 2026, 4, 5, 24.5)]
    [InlineData("Africa/Johannesburg", 2025, 10, 26, 24)]
    public async Task Days_that_summer_time_makes_shorter_or_longer_keep_every_reading(string zoneName, int year, int month, int day, double hours)
    {
        var (serial, zone) = await AddDeviceAsync(zoneName);
        var midnight = new DateTime(year, month, day);
        var start = new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
        var readings = Enumerable.Range(0, (int)(hours * 4)).Select(i => new Reading(start.AddMinutes(15 * i), 100 + i)).ToArray();

        var answer = await PostAsync(serial, readings, zone);

        Assert.Equal((readings.Length, 0, 0), Counts(answer));
        Assert.Equal(readings.Select(reading => (reading.Time, reading.ImportKwh!.Value)), await ReadAsync(serial, "EnergyImportKwh"));
        Assert.Equal((0, readings.Length, 0), Counts(await PostAsync(serial, readings, zone)));
    }

    [PostgresFact]
    public async Task An_unknown_device_is_quarantined_and_admitted_when_it_is_claimed()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        var serial = NewSerial();

        var unknown = await PostAsync(serial, Readings(3), zone);
        var again = await PostAsync(serial, Readings(3), zone);

        Assert.Equal((0, 0, 3), Counts(unknown));
        Assert.All(unknown.Rejections, rejection => Assert.Equal((serial, "unknown-device"), (rejection.ExternalId, rejection.Reason)));
        Assert.Equal((0, 0, 3), Counts(again));

        var admitted = await ClaimAsync(serial, await host.Catalogue.AddSiteAsync(zone.Id));

        Assert.Equal(3, admitted);
        Assert.Equal(Readings(3).Select(reading => (reading.Time, reading.ImportKwh!.Value)), await ReadAsync(serial, "EnergyImportKwh"));
        Assert.Equal((0, 3, 0), Counts(await PostAsync(serial, Readings(3), zone)));
    }

    [PostgresFact]
    public async Task A_reading_from_the_future_is_rejected_and_the_others_are_stored()
    {
        var (serial, zone) = await AddDeviceAsync();
        var now = TimeProvider.System.GetUtcNow();
        var ahead = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero).AddMinutes(7);

        var answer = await PostAsync(serial, [new Reading(Noon, 1), new Reading(ahead, 2), new Reading(ahead.AddMinutes(-4), 3)], zone);

        Assert.Equal((2, 0, 1), Counts(answer));
        Assert.Equal("future-time", Assert.Single(answer.Rejections).Reason);
        Assert.Equal([1, 3], (await ReadAsync(serial, "EnergyImportKwh")).Select(row => row.Value));
    }

    [PostgresFact]
    public async Task A_restart_in_the_middle_loses_nothing_and_doubles_nothing()
    {
        var (serial, zone) = await AddDeviceAsync();
        await PostAsync(serial, [.. Readings(8).Take(5)], zone);
        await using var restarted = await IngestHost.StartAsync(fixture.ConnectionString);

        var whole = await PostAsync(serial, Readings(8), zone, restarted);

        Assert.Equal((3, 5, 0), Counts(whole));
        Assert.Equal(8, (await ReadAsync(serial, "EnergyImportKwh")).Count);
    }

    [PostgresFact]
    public async Task While_the_database_is_away_a_post_is_told_to_come_again()
    {
        var (serial, zone) = await AddDeviceAsync();
        var (proxy, connection) = CuttableProxy.Before(fixture.ConnectionString);
        await using var _ = proxy;
        await using var behind = await IngestHost.StartAsync(connection);
        await PostAsync(serial, [.. Readings(3).Take(1)], zone, behind);

        await proxy.CutAsync();
        foreach (var content in Form.Posts(serial, Readings(3), zone))
        {
            using var refused = await behind.PostAsync(Form.Path(serial), content);
            await Problem.AssertAsync(refused, HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        }

        Assert.Single(await ReadAsync(serial, "EnergyImportKwh"));
        proxy.Mend();
        await Eventually.TrueAsync(async () => (await behind.Client.GetAsync("/health/ready")).IsSuccessStatusCode, "ingest is ready again");

        Assert.Equal((2, 1, 0), Counts(await PostAsync(serial, Readings(3), zone, behind)));
    }

    private static Reading[] Readings(int count) => [.. Enumerable.Range(0, count).Select(i => new Reading(Noon.AddMinutes(i), 1000.5 + (i * 1.25), 10 + (i * 0.25)))];

    private static string NewSerial() => "AN" + Guid.NewGuid().ToString("N")[..12];

    private static (int Accepted, int Duplicate, int Rejected) Counts(IngestAnswer answer) => (answer.Accepted, answer.Duplicate, answer.Rejected);

    private async Task<(string Serial, TimeZoneInfo Zone)> AddDeviceAsync(string zone = "Africa/Johannesburg")
    {
        var serial = NewSerial();
        await host.Catalogue.AddDeviceAsync(await host.Catalogue.AddSiteAsync(zone), serial);
        return (serial, TimeZoneInfo.FindSystemTimeZoneById(zone));
    }

    // Forms with one instant a post need several; their answers are added up.
    private async Task<IngestAnswer> PostAsync(string serial, IReadOnlyList<Reading> readings, TimeZoneInfo zone, IngestHost? to = null)
    {
        var sum = new IngestAnswer(0, 0, 0, []);
        foreach (var content in Form.Posts(serial, readings, zone))
        {
            using var response = await (to ?? host).PostAsync(Form.Path(serial), content);
            Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
            var answer = (await response.Content.ReadFromJsonAsync<IngestAnswer>())!;
            sum = new IngestAnswer(
                sum.Accepted + answer.Accepted,
                sum.Duplicate + answer.Duplicate,
                sum.Rejected + answer.Rejected,
                [.. sum.Rejections, .. answer.Rejections]
            );
        }

        return sum;
    }

    private async Task<List<(DateTimeOffset Time, double Value)>> ReadAsync(string serial, string column) =>
        [.. (await host.Catalogue.ReadAsync(serial, column)).Select(row => (row.Time, row.Value!.Value))];

    private async Task<long> ClaimAsync(string serial, Guid site) => await host.ClaimAsync(serial, site);
}

/// <summary>One host a form.</summary>
public sealed class ConformanceFixture : IAsyncLifetime
{
    public IngestHost Host { get; private set; } = null!;

    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            ConnectionString = await PostgresServer.CreateDatabaseAsync("conformance");
            Host = await IngestHost.StartAsync(ConnectionString);
        }
    }

    public async Task DisposeAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }
    }
}

public sealed class NativeConformance(ConformanceFixture fixture) : ReceiverConformance<NativeForm>(fixture);

public sealed class FormAConformance(ConformanceFixture fixture) : ReceiverConformance<FormA>(fixture);

public sealed class FormBConformance(ConformanceFixture fixture) : ReceiverConformance<FormB>(fixture);

public sealed class FormCConformance(ConformanceFixture fixture) : ReceiverConformance<FormC>(fixture);

public sealed class FormDConformance(ConformanceFixture fixture) : ReceiverConformance<FormD>(fixture);

public sealed class LogFileConformance(ConformanceFixture fixture) : ReceiverConformance<LogFile>(fixture);

public sealed class BareLogFileConformance(ConformanceFixture fixture) : ReceiverConformance<BareLogFile>(fixture);
