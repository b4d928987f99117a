using System.Text.Json;
using Fleet.Aggregator.Events;
using Fleet.Aggregator.Push;
using Fleet.Aggregator.Storage;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Dashboard;

/// <summary>All that is shown of one customer.</summary>
internal sealed class DetailQueries(FleetDbContext fleet, NpgsqlDataSource dataSource, DashboardQueries dashboard, CatalogueQueries catalogue, FleetDay day)
{
    private const int Measurements = 50;
    private const int Events = 20;
    private const int Examples = 3;
    private const int Silences = 20;

    // The newest rows are among those of the devices that have the newest ones, as many as rows are wanted at most: one look-up by key for each.
    private const string Newest = """
        SELECT m."Time", m."ReceivedAt", d."Id", d."ExternalId", d."Name", m."ActivePowerKw", m."EnergyImportKwh", m."EnergyExportKwh"
          FROM (
            SELECT "Id", "ExternalId", "Name" FROM fleet."Devices"
             WHERE "CustomerId" = $1 AND "DeletedAt" IS NULL AND "LastTime" IS NOT NULL ORDER BY "LastTime" DESC LIMIT $2) AS d
         CROSS JOIN LATERAL (
           SELECT "Time", "ReceivedAt", "ActivePowerKw", "EnergyImportKwh", "EnergyExportKwh" FROM fleet."PowerMeasurements"
            WHERE "CustomerId" = $1 AND "DeviceId" = d."Id" ORDER BY "Time" DESC LIMIT $2) AS m
         ORDER BY m."Time" DESC, d."ExternalId" LIMIT $2
        """;

    /// <summary>Null where there is no such customer.</summary>
    public async Task<CustomerDetail?> FindAsync(int id, CancellationToken cancellationToken) =>
        await dashboard.CustomerAsync(id, cancellationToken) is { } customer
            ? new CustomerDetail(
                customer,
                await catalogue.FirstSitesAsync(id, cancellationToken),
                await catalogue.FirstDevicesAsync(id, cancellationToken),
                await NewestAsync(id, cancellationToken),
                await EventsAsync(id, cancellationToken),
                await SilencesAsync(id, cancellationToken),
                day.TimeZone,
                await catalogue.CountSitesAsync(id, cancellationToken)
            )
            : null;

    private async Task<List<FleetMeasurement>> NewestAsync(int id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Newest);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Measurements });
        var rows = new List<FleetMeasurement>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(
                new FleetMeasurement(
                    reader.GetFieldValue<DateTimeOffset>(0),
                    reader.GetFieldValue<DateTimeOffset>(1),
                    reader.GetInt32(2),
                    reader.GetString(3),
                    reader.GetString(4),
                    reader.IsDBNull(5) ? null : (double)(decimal)reader.GetFloat(5), // as many digits as a float has
                    reader.IsDBNull(6) ? null : reader.GetDouble(6),
                    reader.IsDBNull(7) ? null : reader.GetDouble(7)
                )
            );
        }

        return rows;
    }

    private async Task<List<IngestEventView>> EventsAsync(int id, CancellationToken cancellationToken)
    {
        var events = await fleet
            .IngestEvents.Where(ingested => ingested.CustomerId == id)
            .OrderByDescending(ingested => ingested.ReceivedAt)
            .ThenByDescending(ingested => ingested.Id)
            .Take(Events)
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return
        [
            .. events.Select(e => new IngestEventView(
                e.Id,
                e.BatchType,
                e.Status,
                e.RowsReceived,
                e.RowsAccepted,
                e.RowsDuplicate,
                e.RowsRejected,
                e.MinTime,
                e.MaxTime,
                e.ReceivedAt,
                e.DurationMs,
                e.Bytes,
                e.TraceId,
                e.Error,
                Rejected(e)
            )),
        ];
    }

    private static List<RejectedRows> Rejected(IngestEvent ingested)
    {
        var rejections = ingested.Rejections is { } json ? JsonSerializer.Deserialize(json, PushJson.Default.IReadOnlyListRejection)! : [];
        return
        [
            .. rejections
                .GroupBy(rejection => rejection.Reason)
                .OrderByDescending(rows => rows.Count())
                .ThenBy(rows => rows.Key, StringComparer.Ordinal)
                .Select(rows => new RejectedRows(rows.Key, rows.Count(), [.. rows.Select(row => row.ExternalId).Where(serial => serial.Length > 0).Distinct().Take(Examples)])),
        ];
    }

    private Task<List<SilenceView>> SilencesAsync(int id, CancellationToken cancellationToken) =>
        fleet
            .Silences.Where(silence => silence.CustomerId == id)
            .OrderBy(silence => silence.EndedAt != null)
            .ThenByDescending(silence => silence.Id)
            .Take(Silences)
            .Select(s => new SilenceView(s.Id, s.Kind, s.StartedAt, s.EndedAt, s.Devices, s.Examples))
            .ToListAsync(cancellationToken);
}
