using Npgsql;
using NpgsqlTypes;
using Portal.Domain.Measurements;
using Portal.TimeSeries;

namespace Portal.Data.Tests.TimeSeries;

/// <summary>A measurement with some of the quantities that roll-ups are made of; null is absent.</summary>
internal sealed record TestRow(int DeviceId, DateTimeOffset Time, double?[] Values)
{
    public static readonly Quantity[] Columns =
    [
        Quantities.ActivePowerKw,
        Quantities.ReactivePowerKvar,
        Quantities.ApparentPowerKva,
        Quantities.DemandActiveKw,
        Quantities.DemandApparentKva,
        Quantities.EnergyImportKwh,
        Quantities.EnergyExportKwh,
        Quantities.ReactiveEnergyImportKvarh,
        Quantities.ReactiveEnergyExportKvarh,
    ];

    public double? this[Quantity quantity] => Values[Array.IndexOf(Columns, quantity)];

    /// <summary>A row that has the power and the import register alone.</summary>
    public static TestRow Of(int device, DateTimeOffset time, double? powerKw, double? importKwh = null) =>
        new(device, time, [powerKw, null, null, null, null, importKwh, null, null, null]);
}

/// <summary>Writes rows as the writer does: absent columns are filled, present ones stay, and the touched quarter hours are noted.</summary>
internal static class TestRows
{
    private static readonly string Names = string.Join(", ", TestRow.Columns.Select(q => $"\"{q.Column}\""));

    private static readonly string Insert = $"""
        INSERT INTO monitoring."PowerMeasurements" AS m ("DeviceId", "Time", "ReceivedAt", {Names})
        VALUES ($1, $2, now(), {string.Join(", ", TestRow.Columns.Select((_, i) => $"${i + 3}"))})
        ON CONFLICT ("DeviceId", "Time") DO UPDATE
          SET {string.Join(", ", TestRow.Columns.Select(q => $"\"{q.Column}\" = coalesce(m.\"{q.Column}\", EXCLUDED.\"{q.Column}\")"))}
        """;

    public static async Task WriteAsync(PortalHost host, params IReadOnlyList<TestRow> rows)
    {
        foreach (var month in rows.GroupBy(row => (row.Time.UtcDateTime.Year, row.Time.UtcDateTime.Month)))
        {
            await host.TimeSeries.EnsureTimeRangeAsync(month.Min(row => row.Time), month.Max(row => row.Time), default);
        }

        await using var connection = await host.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await CatalogueLock.TakeSharedAsync(connection, transaction, default);
        await WriteAsync(host, connection, transaction, rows);
        await transaction.CommitAsync();
    }

    public static async Task WriteAsync(PortalHost host, NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<TestRow> rows)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var row in rows)
        {
            var command = new NpgsqlBatchCommand(Insert);
            command.Parameters.Add(new() { Value = row.DeviceId });
            command.Parameters.Add(new() { Value = row.Time.UtcDateTime });
            foreach (var (value, quantity) in row.Values.Zip(TestRow.Columns))
            {
                var type = quantity.Kind is QuantityKind.Register ? NpgsqlDbType.Double : NpgsqlDbType.Real;
                object stored = type is NpgsqlDbType.Double ? value ?? 0 : (float)(value ?? 0);
                command.Parameters.Add(new() { Value = value is null ? DBNull.Value : stored, NpgsqlDbType = type });
            }

            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync();
        await host.TimeSeries.NoteTouchedAsync(connection, transaction, [.. rows.Select(row => (new DeviceKey(row.DeviceId), row.Time))], null, default);
    }

    /// <summary>Passes until there is nothing left to do.</summary>
    public static async Task RefreshAllAsync(PortalHost host)
    {
        await PortalHost.EventuallyAsync(async () => await host.TimeSeries.RefreshAsync(default) is { Notes: 0 }, "the roll-ups are up to date");
    }
}
