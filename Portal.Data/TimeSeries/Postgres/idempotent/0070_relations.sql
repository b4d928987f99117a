-- What readers see: rolled-up buckets, and those that were touched since from the raw rows. One statement has one snapshot, so a bucket is
-- never missing and never there twice.
CREATE OR REPLACE VIEW monitoring.quarter_hourly_per_device AS
SELECT r.device_id, r.bucket,
       r.samples, r.first_at, r.last_at,
       r.power_mean_kw, r.power_min_kw, r.power_max_kw,
       r.reactive_mean_kvar, r.apparent_max_kva, r.demand_active_max_kw, r.demand_apparent_max_kva,
       r.import_first_kwh, r.import_first_at, r.import_last_kwh, r.import_last_at, r.import_min_kwh, r.import_max_kwh,
       r.export_first_kwh, r.export_first_at, r.export_last_kwh, r.export_last_at, r.export_min_kwh, r.export_max_kwh,
       r.reactive_import_first_kvarh, r.reactive_import_first_at, r.reactive_import_last_kvarh, r.reactive_import_last_at, r.reactive_import_min_kvarh, r.reactive_import_max_kvarh,
       r.reactive_export_first_kvarh, r.reactive_export_first_at, r.reactive_export_last_kvarh, r.reactive_export_last_at, r.reactive_export_min_kvarh, r.reactive_export_max_kvarh,
       r.power_samples, r.reactive_samples
  FROM monitoring."QuarterHourlyRollUps" AS r
 WHERE NOT EXISTS (
   SELECT FROM monitoring."TouchedRanges" AS t
    WHERE t."DeviceId" = r.device_id AND t."From" <= r.bucket AND t."To" > r.bucket)
UNION ALL
SELECT dirty.device_id, dirty.bucket,
       m.samples, m.first_at, m.last_at,
       m.power_mean_kw, m.power_min_kw, m.power_max_kw,
       m.reactive_mean_kvar, m.apparent_max_kva, m.demand_active_max_kw, m.demand_apparent_max_kva,
       m.import_first_kwh, m.import_first_at, m.import_last_kwh, m.import_last_at, m.import_min_kwh, m.import_max_kwh,
       m.export_first_kwh, m.export_first_at, m.export_last_kwh, m.export_last_at, m.export_min_kwh, m.export_max_kwh,
       m.reactive_import_first_kvarh, m.reactive_import_first_at, m.reactive_import_last_kvarh, m.reactive_import_last_at, m.reactive_import_min_kvarh, m.reactive_import_max_kvarh,
       m.reactive_export_first_kvarh, m.reactive_export_first_at, m.reactive_export_last_kvarh, m.reactive_export_last_at, m.reactive_export_min_kvarh, m.reactive_export_max_kvarh,
       m.power_samples, m.reactive_samples
  FROM (
    SELECT DISTINCT t."DeviceId" AS device_id, b AS bucket
      FROM monitoring."TouchedRanges" AS t
     CROSS JOIN LATERAL monitoring.starts_within(t."From", t."To", interval '15 minutes') AS b
  ) AS dirty
 CROSS JOIN LATERAL monitoring.measured(dirty.device_id, dirty.bucket, dirty.bucket + interval '15 minutes') AS m;

CREATE OR REPLACE VIEW monitoring.hourly_per_device AS
SELECT r.device_id, r.bucket,
       r.samples, r.first_at, r.last_at,
       r.power_mean_kw, r.power_min_kw, r.power_max_kw,
       r.reactive_mean_kvar, r.apparent_max_kva, r.demand_active_max_kw, r.demand_apparent_max_kva,
       r.import_first_kwh, r.import_first_at, r.import_last_kwh, r.import_last_at, r.import_min_kwh, r.import_max_kwh,
       r.export_first_kwh, r.export_first_at, r.export_last_kwh, r.export_last_at, r.export_min_kwh, r.export_max_kwh,
       r.reactive_import_first_kvarh, r.reactive_import_first_at, r.reactive_import_last_kvarh, r.reactive_import_last_at, r.reactive_import_min_kvarh, r.reactive_import_max_kvarh,
       r.reactive_export_first_kvarh, r.reactive_export_first_at, r.reactive_export_last_kvarh, r.reactive_export_last_at, r.reactive_export_min_kvarh, r.reactive_export_max_kvarh,
       r.power_samples, r.reactive_samples
  FROM monitoring."HourlyRollUps" AS r
 WHERE NOT EXISTS (
   SELECT FROM monitoring."TouchedRanges" AS t
    WHERE t."DeviceId" = r.device_id AND t."From" < r.bucket + interval '1 hour' AND t."To" > r.bucket)
UNION ALL
SELECT dirty.device_id, dirty.bucket,
       m.samples, m.first_at, m.last_at,
       m.power_mean_kw, m.power_min_kw, m.power_max_kw,
       m.reactive_mean_kvar, m.apparent_max_kva, m.demand_active_max_kw, m.demand_apparent_max_kva,
       m.import_first_kwh, m.import_first_at, m.import_last_kwh, m.import_last_at, m.import_min_kwh, m.import_max_kwh,
       m.export_first_kwh, m.export_first_at, m.export_last_kwh, m.export_last_at, m.export_min_kwh, m.export_max_kwh,
       m.reactive_import_first_kvarh, m.reactive_import_first_at, m.reactive_import_last_kvarh, m.reactive_import_last_at, m.reactive_import_min_kvarh, m.reactive_import_max_kvarh,
       m.reactive_export_first_kvarh, m.reactive_export_first_at, m.reactive_export_last_kvarh, m.reactive_export_last_at, m.reactive_export_min_kvarh, m.reactive_export_max_kvarh,
       m.power_samples, m.reactive_samples
  FROM (
    SELECT DISTINCT t."DeviceId" AS device_id, b AS bucket
      FROM monitoring."TouchedRanges" AS t
     CROSS JOIN LATERAL monitoring.starts_within(date_trunc('hour', t."From", 'UTC'), t."To", interval '1 hour') AS b
  ) AS dirty
 CROSS JOIN LATERAL monitoring.measured(dirty.device_id, dirty.bucket, dirty.bucket + interval '1 hour') AS m;
