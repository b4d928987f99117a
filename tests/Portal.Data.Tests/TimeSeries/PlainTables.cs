namespace Portal.Data.Tests.TimeSeries;

/// <summary>Measurement tables as another release, or a person, may have left them.</summary>
internal static class PlainTables
{
    /// <summary>Few columns, other types, one of its own, no time of receipt; 500 rows of two devices over three months, and one of a meter that lost its clock.</summary>
    public const string Old = """
        CREATE SCHEMA IF NOT EXISTS monitoring;
        CREATE TABLE monitoring."PowerMeasurements" (
          "Time" timestamptz NOT NULL,
          "DeviceId" integer NOT NULL,
          "Remark" text,
          "ActivePowerKw" double precision,
          "EnergyImportKwh" numeric(12, 3),
          CONSTRAINT "PK_PowerMeasurements" PRIMARY KEY ("DeviceId", "Time")
        );
        INSERT INTO monitoring."PowerMeasurements"
        SELECT timestamptz '2026-08-20 00:00Z' + make_interval(hours => i * 4), 1 + i % 2, 'kept nowhere', i / 8.0, 1000 + i
          FROM generate_series(0, 498) AS i;
        INSERT INTO monitoring."PowerMeasurements" VALUES ('1970-01-01 00:10Z', 2, NULL, 5, NULL);
        """;

    /// <summary>No key, and therefore the same instant twice.</summary>
    public const string WithDuplicates = """
        CREATE SCHEMA IF NOT EXISTS monitoring;
        CREATE TABLE monitoring."PowerMeasurements" ("DeviceId" integer NOT NULL, "Time" timestamptz NOT NULL, "ActivePowerKw" real);
        INSERT INTO monitoring."PowerMeasurements" VALUES (1, '2026-08-20 00:00Z', 1), (1, '2026-08-20 00:00Z', 2);
        """;

    public const string Checksum = """
        SELECT string_agg(concat_ws(' ', "DeviceId", extract(epoch FROM "Time"), "ActivePowerKw"::real, "EnergyImportKwh"::double precision), ';'
                          ORDER BY "DeviceId", "Time")
          FROM monitoring."PowerMeasurements"
        """;
}
