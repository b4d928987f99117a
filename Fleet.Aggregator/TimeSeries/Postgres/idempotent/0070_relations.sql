-- What readers see: rolled-up hours, and those that were touched since from the raw rows. One statement has one snapshot, so an hour is
-- never missing and never there twice.
CREATE OR REPLACE VIEW fleet.hourly_per_device AS
SELECT r.customer_id, r.device_id, r.bucket,
       r.samples, r.first_at, r.last_at,
       r.power_mean_kw, r.power_min_kw, r.power_max_kw, r.power_samples,
       r.import_first_kwh, r.import_first_at, r.import_last_kwh, r.import_last_at, r.import_min_kwh, r.import_max_kwh,
       r.export_first_kwh, r.export_first_at, r.export_last_kwh, r.export_last_at, r.export_min_kwh, r.export_max_kwh
  FROM fleet."HourlyRollUps" AS r
 WHERE NOT EXISTS (
   SELECT FROM fleet."TouchedRanges" AS t
    WHERE t."CustomerId" = r.customer_id AND t."DeviceId" = r.device_id AND t."From" < r.bucket + interval '1 hour' AND t."To" > r.bucket)
UNION ALL
SELECT dirty.customer_id, dirty.device_id, dirty.bucket,
       m.samples, m.first_at, m.last_at,
       m.power_mean_kw, m.power_min_kw, m.power_max_kw, m.power_samples,
       m.import_first_kwh, m.import_first_at, m.import_last_kwh, m.import_last_at, m.import_min_kwh, m.import_max_kwh,
       m.export_first_kwh, m.export_first_at, m.export_last_kwh, m.export_last_at, m.export_min_kwh, m.export_max_kwh
  FROM (
    SELECT DISTINCT t."CustomerId" AS customer_id, t."DeviceId" AS device_id, b AS bucket
      FROM fleet."TouchedRanges" AS t
     CROSS JOIN LATERAL fleet.starts_within(date_trunc('hour', t."From", 'UTC'), t."To", interval '1 hour') AS b
  ) AS dirty
 CROSS JOIN LATERAL fleet.measured(dirty.customer_id, dirty.device_id, dirty.bucket, dirty.bucket + interval '1 hour') AS m;
