-- What readers see. Real-time (materialized_only is on by default since 2.13): hours beyond what is materialised come from the raw rows.
-- Created empty, since WITH DATA refuses a transaction; until the first refresh everything is computed live.
CREATE MATERIALIZED VIEW fleet.hourly_per_device
WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT "CustomerId" AS customer_id,
       "DeviceId" AS device_id,
       time_bucket('1 hour', "Time") AS bucket,
       count(*) AS samples,
       min("Time") AS first_at,
       max("Time") AS last_at,
       avg("ActivePowerKw") AS power_mean_kw,
       min("ActivePowerKw") AS power_min_kw,
       max("ActivePowerKw") AS power_max_kw,
       count("ActivePowerKw") AS power_samples, -- samples that have the power: the weight to take means of means with
       -- First and last known readings of each register: loggers post at different paces, so they need not be of the first and last sample.
       first("EnergyImportKwh", "Time") FILTER (WHERE "EnergyImportKwh" IS NOT NULL) AS import_first_kwh,
       min("Time") FILTER (WHERE "EnergyImportKwh" IS NOT NULL) AS import_first_at,
       last("EnergyImportKwh", "Time") FILTER (WHERE "EnergyImportKwh" IS NOT NULL) AS import_last_kwh,
       max("Time") FILTER (WHERE "EnergyImportKwh" IS NOT NULL) AS import_last_at,
       min("EnergyImportKwh") AS import_min_kwh,
       max("EnergyImportKwh") AS import_max_kwh,
       first("EnergyExportKwh", "Time") FILTER (WHERE "EnergyExportKwh" IS NOT NULL) AS export_first_kwh,
       min("Time") FILTER (WHERE "EnergyExportKwh" IS NOT NULL) AS export_first_at,
       last("EnergyExportKwh", "Time") FILTER (WHERE "EnergyExportKwh" IS NOT NULL) AS export_last_kwh,
       max("Time") FILTER (WHERE "EnergyExportKwh" IS NOT NULL) AS export_last_at,
       min("EnergyExportKwh") AS export_min_kwh,
       max("EnergyExportKwh") AS export_max_kwh
  FROM fleet."PowerMeasurements"
 GROUP BY 1, 2, 3
WITH NO DATA;
