-- The one definition of a bucket: what the raw rows of a device say about [start, finish). No row where there are none.
-- Plain SQL without settings of its own, so that the planner inlines it. The arrays get their order from the sorted subquery: that takes
-- 17 µs a bucket of 15 rows, ORDER BY within each aggregate sorts eight times and takes 130 µs.
CREATE OR REPLACE FUNCTION monitoring.measured(device integer, start timestamptz, finish timestamptz)
RETURNS SETOF monitoring."QuarterHourlyRollUps" LANGUAGE sql STABLE AS $$
  SELECT
    device,
    start,
    count(*),
    min("Time"),
    max("Time"),
    avg("ActivePowerKw"),
    min("ActivePowerKw"),
    max("ActivePowerKw"),
    avg("ReactivePowerKvar"),
    max("ApparentPowerKva"),
    max("DemandActiveKw"),
    max("DemandApparentKva"),
    (array_agg("EnergyImportKwh") FILTER (WHERE "EnergyImportKwh" IS NOT NULL))[1],
    min("Time") FILTER (WHERE "EnergyImportKwh" IS NOT NULL),
    (array_agg("EnergyImportKwh") FILTER (WHERE "EnergyImportKwh" IS NOT NULL))[count("EnergyImportKwh")],
    max("Time") FILTER (WHERE "EnergyImportKwh" IS NOT NULL),
    min("EnergyImportKwh"),
    max("EnergyImportKwh"),
    (array_agg("EnergyExportKwh") FILTER (WHERE "EnergyExportKwh" IS NOT NULL))[1],
    min("Time") FILTER (WHERE "EnergyExportKwh" IS NOT NULL),
    (array_agg("EnergyExportKwh") FILTER (WHERE "EnergyExportKwh" IS NOT NULL))[count("EnergyExportKwh")],
    max("Time") FILTER (WHERE "EnergyExportKwh" IS NOT NULL),
    min("EnergyExportKwh"),
    max("EnergyExportKwh"),
    (array_agg("ReactiveEnergyImportKvarh") FILTER (WHERE "ReactiveEnergyImportKvarh" IS NOT NULL))[1],
    min("Time") FILTER (WHERE "ReactiveEnergyImportKvarh" IS NOT NULL),
    (array_agg("ReactiveEnergyImportKvarh") FILTER (WHERE "ReactiveEnergyImportKvarh" IS NOT NULL))[count("ReactiveEnergyImportKvarh")],
    max("Time") FILTER (WHERE "ReactiveEnergyImportKvarh" IS NOT NULL),
    min("ReactiveEnergyImportKvarh"),
    max("ReactiveEnergyImportKvarh"),
    (array_agg("ReactiveEnergyExportKvarh") FILTER (WHERE "ReactiveEnergyExportKvarh" IS NOT NULL))[1],
    min("Time") FILTER (WHERE "ReactiveEnergyExportKvarh" IS NOT NULL),
    (array_agg("ReactiveEnergyExportKvarh") FILTER (WHERE "ReactiveEnergyExportKvarh" IS NOT NULL))[count("ReactiveEnergyExportKvarh")],
    max("Time") FILTER (WHERE "ReactiveEnergyExportKvarh" IS NOT NULL),
    min("ReactiveEnergyExportKvarh"),
    max("ReactiveEnergyExportKvarh"),
    count("ActivePowerKw"),
    count("ReactivePowerKvar")
  FROM (
    SELECT "Time", "ActivePowerKw", "ReactivePowerKvar", "ApparentPowerKva", "DemandActiveKw", "DemandApparentKva",
           "EnergyImportKwh", "EnergyExportKwh", "ReactiveEnergyImportKvarh", "ReactiveEnergyExportKvarh"
      FROM monitoring."PowerMeasurements"
     WHERE "DeviceId" = device AND "Time" >= start AND "Time" < finish
     ORDER BY "Time"
  ) AS ordered
  HAVING count(*) > 0
$$;

-- An hour of quarter hours that are up to date.
CREATE OR REPLACE FUNCTION monitoring.hour_of_quarters(device integer, start timestamptz)
RETURNS SETOF monitoring."HourlyRollUps" LANGUAGE sql STABLE AS $$
  SELECT
    device,
    start,
    sum(samples)::bigint,
    min(first_at),
    max(last_at),
    sum(power_mean_kw * power_samples) / nullif(sum(power_samples), 0)::double precision,
    min(power_min_kw),
    max(power_max_kw),
    sum(reactive_mean_kvar * reactive_samples) / nullif(sum(reactive_samples), 0)::double precision,
    max(apparent_max_kva),
    max(demand_active_max_kw),
    max(demand_apparent_max_kva),
    (array_agg(import_first_kwh) FILTER (WHERE import_first_at IS NOT NULL))[1],
    min(import_first_at),
    (array_agg(import_last_kwh) FILTER (WHERE import_first_at IS NOT NULL))[count(import_first_at)],
    max(import_last_at),
    min(import_min_kwh),
    max(import_max_kwh),
    (array_agg(export_first_kwh) FILTER (WHERE export_first_at IS NOT NULL))[1],
    min(export_first_at),
    (array_agg(export_last_kwh) FILTER (WHERE export_first_at IS NOT NULL))[count(export_first_at)],
    max(export_last_at),
    min(export_min_kwh),
    max(export_max_kwh),
    (array_agg(reactive_import_first_kvarh) FILTER (WHERE reactive_import_first_at IS NOT NULL))[1],
    min(reactive_import_first_at),
    (array_agg(reactive_import_last_kvarh) FILTER (WHERE reactive_import_first_at IS NOT NULL))[count(reactive_import_first_at)],
    max(reactive_import_last_at),
    min(reactive_import_min_kvarh),
    max(reactive_import_max_kvarh),
    (array_agg(reactive_export_first_kvarh) FILTER (WHERE reactive_export_first_at IS NOT NULL))[1],
    min(reactive_export_first_at),
    (array_agg(reactive_export_last_kvarh) FILTER (WHERE reactive_export_first_at IS NOT NULL))[count(reactive_export_first_at)],
    max(reactive_export_last_at),
    min(reactive_export_min_kvarh),
    max(reactive_export_max_kvarh),
    sum(power_samples)::bigint,
    sum(reactive_samples)::bigint
  FROM (
    SELECT * FROM monitoring."QuarterHourlyRollUps"
     WHERE device_id = device AND bucket >= start AND bucket < start + interval '1 hour'
     ORDER BY bucket
  ) AS ordered
  HAVING count(*) > 0
$$;
