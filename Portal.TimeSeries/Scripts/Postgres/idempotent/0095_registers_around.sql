-- A register that a device doesn't have would be looked for through all of its history.
CREATE INDEX IF NOT EXISTS "IX_HourlyRollUps_import" ON {schema}."HourlyRollUps" ({customer:customer_id, }device_id, bucket) WHERE import_first_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS "IX_HourlyRollUps_export" ON {schema}."HourlyRollUps" ({customer:customer_id, }device_id, bucket) WHERE export_first_at IS NOT NULL;

-- Per register of a device the last hour before [from_time, to_time) in which it is known, and the first one after it. What the relation for
-- readers says, but rolled-up hours and those touched since are each asked for one: an order is not pushed into the relation's parts, which
-- would be read whole and sorted.
CREATE OR REPLACE FUNCTION {schema}.registers_around({customer:customer integer, }device integer, from_time timestamptz, to_time timestamptz)
RETURNS TABLE (register text, bucket timestamptz, first_at timestamptz, first double precision, last_at timestamptz, last double precision,
               low double precision, high double precision, power_min_kw real, power_max_kw real)
LANGUAGE sql STABLE AS $$
  (SELECT 'import', k.* FROM (
     (SELECT r.bucket, r.import_first_at, r.import_first_kwh, r.import_last_at, r.import_last_kwh, r.import_min_kwh, r.import_max_kwh, r.power_min_kw, r.power_max_kw
        FROM {schema}."HourlyRollUps" AS r
       WHERE {customer:r.customer_id = customer AND }r.device_id = device AND r.bucket < from_time AND r.import_first_at IS NOT NULL
         AND NOT EXISTS (
           SELECT FROM {schema}."TouchedRanges" AS t
            WHERE {customer:t."CustomerId" = customer AND }t."DeviceId" = device AND t."From" < r.bucket + interval '1 hour' AND t."To" > r.bucket)
       ORDER BY r.bucket DESC LIMIT 1)
     UNION ALL
     (SELECT m.bucket, m.import_first_at, m.import_first_kwh, m.import_last_at, m.import_last_kwh, m.import_min_kwh, m.import_max_kwh, m.power_min_kw, m.power_max_kw
        FROM (
          SELECT DISTINCT b AS bucket
            FROM {schema}."TouchedRanges" AS t
           CROSS JOIN LATERAL {schema}.starts_within(date_trunc('hour', t."From", 'UTC'), least(t."To", from_time), interval '1 hour') AS b
           WHERE {customer:t."CustomerId" = customer AND }t."DeviceId" = device AND t."From" < from_time
        ) AS dirty
       CROSS JOIN LATERAL {schema}.measured({customer:customer, }device, dirty.bucket, dirty.bucket + interval '1 hour') AS m
       WHERE m.import_first_at IS NOT NULL
       ORDER BY m.bucket DESC LIMIT 1)
   ) AS k ORDER BY k.bucket DESC LIMIT 1)
  UNION ALL
  (SELECT 'import', k.* FROM (
     (SELECT r.bucket, r.import_first_at, r.import_first_kwh, r.import_last_at, r.import_last_kwh, r.import_min_kwh, r.import_max_kwh, r.power_min_kw, r.power_max_kw
        FROM {schema}."HourlyRollUps" AS r
       WHERE {customer:r.customer_id = customer AND }r.device_id = device AND r.bucket >= to_time AND r.import_first_at IS NOT NULL
         AND NOT EXISTS (
           SELECT FROM {schema}."TouchedRanges" AS t
            WHERE {customer:t."CustomerId" = customer AND }t."DeviceId" = device AND t."From" < r.bucket + interval '1 hour' AND t."To" > r.bucket)
       ORDER BY r.bucket LIMIT 1)
     UNION ALL
     (SELECT m.bucket, m.import_first_at, m.import_first_kwh, m.import_last_at, m.import_last_kwh, m.import_min_kwh, m.import_max_kwh, m.power_min_kw, m.power_max_kw
        FROM (
          SELECT DISTINCT b AS bucket
            FROM {schema}."TouchedRanges" AS t
           CROSS JOIN LATERAL {schema}.starts_within(greatest(date_trunc('hour', t."From", 'UTC'), to_time), t."To", interval '1 hour') AS b
           WHERE {customer:t."CustomerId" = customer AND }t."DeviceId" = device AND t."To" > to_time
        ) AS dirty
       CROSS JOIN LATERAL {schema}.measured({customer:customer, }device, dirty.bucket, dirty.bucket + interval '1 hour') AS m
       WHERE m.import_first_at IS NOT NULL
       ORDER BY m.bucket LIMIT 1)
   ) AS k ORDER BY k.bucket LIMIT 1)
  UNION ALL
  (SELECT 'export', k.* FROM (
     (SELECT r.bucket, r.export_first_at, r.export_first_kwh, r.export_last_at, r.export_last_kwh, r.export_min_kwh, r.export_max_kwh, r.power_min_kw, r.power_max_kw
        FROM {schema}."HourlyRollUps" AS r
       WHERE {customer:r.customer_id = customer AND }r.device_id = device AND r.bucket < from_time AND r.export_first_at IS NOT NULL
         AND NOT EXISTS (
           SELECT FROM {schema}."TouchedRanges" AS t
            WHERE {customer:t."CustomerId" = customer AND }t."DeviceId" = device AND t."From" < r.bucket + interval '1 hour' AND t."To" > r.bucket)
       ORDER BY r.bucket DESC LIMIT 1)
     UNION ALL
     (SELECT m.bucket, m.export_first_at, m.export_first_kwh, m.export_last_at, m.export_last_kwh, m.export_min_kwh, m.export_max_kwh, m.power_min_kw, m.power_max_kw
        FROM (
          SELECT DISTINCT b AS bucket
            FROM {schema}."TouchedRanges" AS t
           CROSS JOIN LATERAL {schema}.starts_within(date_trunc('hour', t."From", 'UTC'), least(t."To", from_time), interval '1 hour') AS b
           WHERE {customer:t."CustomerId" = customer AND }t."DeviceId" = device AND t."From" < from_time
        ) AS dirty
       CROSS JOIN LATERAL {schema}.measured({customer:customer, }device, dirty.bucket, dirty.bucket + interval '1 hour') AS m
       WHERE m.export_first_at IS NOT NULL
       ORDER BY m.bucket DESC LIMIT 1)
   ) AS k ORDER BY k.bucket DESC LIMIT 1)
  UNION ALL
  (SELECT 'export', k.* FROM (
     (SELECT r.bucket, r.export_first_at, r.export_first_kwh, r.export_last_at, r.export_last_kwh, r.export_min_kwh, r.export_max_kwh, r.power_min_kw, r.power_max_kw
        FROM {schema}."HourlyRollUps" AS r
       WHERE {customer:r.customer_id = customer AND }r.device_id = device AND r.bucket >= to_time AND r.export_first_at IS NOT NULL
         AND NOT EXISTS (
           SELECT FROM {schema}."TouchedRanges" AS t
            WHERE {customer:t."CustomerId" = customer AND }t."DeviceId" = device AND t."From" < r.bucket + interval '1 hour' AND t."To" > r.bucket)
       ORDER BY r.bucket LIMIT 1)
     UNION ALL
     (SELECT m.bucket, m.export_first_at, m.export_first_kwh, m.export_last_at, m.export_last_kwh, m.export_min_kwh, m.export_max_kwh, m.power_min_kw, m.power_max_kw
        FROM (
          SELECT DISTINCT b AS bucket
            FROM {schema}."TouchedRanges" AS t
           CROSS JOIN LATERAL {schema}.starts_within(greatest(date_trunc('hour', t."From", 'UTC'), to_time), t."To", interval '1 hour') AS b
           WHERE {customer:t."CustomerId" = customer AND }t."DeviceId" = device AND t."To" > to_time
        ) AS dirty
       CROSS JOIN LATERAL {schema}.measured({customer:customer, }device, dirty.bucket, dirty.bucket + interval '1 hour') AS m
       WHERE m.export_first_at IS NOT NULL
       ORDER BY m.bucket LIMIT 1)
   ) AS k ORDER BY k.bucket LIMIT 1)
$$;
