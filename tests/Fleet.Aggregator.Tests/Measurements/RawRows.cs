namespace Fleet.Aggregator.Tests.Measurements;

/// <summary>The roll-ups as they have to be, computed from the raw rows the slow way.</summary>
internal static class RawRows
{
    private const string Hours = """
        SELECT "CustomerId" AS customer_id, "DeviceId" AS device_id, date_trunc('hour', "Time", 'UTC') AS bucket,
               count(*) AS samples, min("Time") AS first_at, max("Time") AS last_at,
               avg("ActivePowerKw"::float8) AS power_mean_kw, min("ActivePowerKw") AS power_min_kw, max("ActivePowerKw") AS power_max_kw,
               count("ActivePowerKw") AS power_samples,
               (array_agg("EnergyImportKwh" ORDER BY "Time") FILTER (WHERE "EnergyImportKwh" IS NOT NULL))[1] AS import_first_kwh,
               min("Time") FILTER (WHERE "EnergyImportKwh" IS NOT NULL) AS import_first_at,
               (array_agg("EnergyImportKwh" ORDER BY "Time" DESC) FILTER (WHERE "EnergyImportKwh" IS NOT NULL))[1] AS import_last_kwh,
               max("Time") FILTER (WHERE "EnergyImportKwh" IS NOT NULL) AS import_last_at,
               min("EnergyImportKwh") AS import_min_kwh, max("EnergyImportKwh") AS import_max_kwh,
               (array_agg("EnergyExportKwh" ORDER BY "Time") FILTER (WHERE "EnergyExportKwh" IS NOT NULL))[1] AS export_first_kwh,
               min("Time") FILTER (WHERE "EnergyExportKwh" IS NOT NULL) AS export_first_at,
               (array_agg("EnergyExportKwh" ORDER BY "Time" DESC) FILTER (WHERE "EnergyExportKwh" IS NOT NULL))[1] AS export_last_kwh,
               max("Time") FILTER (WHERE "EnergyExportKwh" IS NOT NULL) AS export_last_at,
               min("EnergyExportKwh") AS export_min_kwh, max("EnergyExportKwh") AS export_max_kwh
          FROM fleet."PowerMeasurements" GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """;

    /// <summary>Compares what readers see with the raw rows that are stored now.</summary>
    /// <returns>What they see; not empty.</returns>
    public static async Task<string> AssertHoursAsync(FleetDatabase database)
    {
        var expected = await database.TableAsync(Hours);
        Assert.NotEqual("", expected);
        Assert.Equal(expected, await database.TableAsync("SELECT * FROM fleet.hourly_per_device ORDER BY 1, 2, 3"));
        return expected;
    }
}
