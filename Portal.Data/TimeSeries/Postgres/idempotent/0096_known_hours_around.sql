-- As for the active registers in 0095: a register that a device doesn't have would be looked for through all of its history.
CREATE INDEX IF NOT EXISTS "IX_HourlyRollUps_reactive_import" ON monitoring."HourlyRollUps" (device_id, bucket) WHERE reactive_import_first_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS "IX_HourlyRollUps_reactive_export" ON monitoring."HourlyRollUps" (device_id, bucket) WHERE reactive_export_first_at IS NOT NULL;

-- Of each register of a device the last hour before [from_time, to_time) in which it is known, and the first one after it: what the hourly
-- relation says, but rolled-up hours and those touched since are each asked for one, as in registers_around.
CREATE OR REPLACE FUNCTION monitoring.known_hours_around(device integer, from_time timestamptz, to_time timestamptz)
RETURNS TABLE (register text, hour timestamptz) LANGUAGE sql STABLE AS $$
  WITH rolled_up AS NOT MATERIALIZED (
    SELECT r.*
      FROM monitoring."HourlyRollUps" AS r
     WHERE r.device_id = device
       AND NOT EXISTS (
         SELECT FROM monitoring."TouchedRanges" AS t
          WHERE t."DeviceId" = device AND t."From" < r.bucket + interval '1 hour' AND t."To" > r.bucket)
  ),
  touched AS MATERIALIZED (
    SELECT m.*
      FROM (
        SELECT DISTINCT b AS hour
          FROM monitoring."TouchedRanges" AS t
         CROSS JOIN LATERAL monitoring.starts_within(date_trunc('hour', t."From", 'UTC'), t."To", interval '1 hour') AS b
         WHERE t."DeviceId" = device AND (b < from_time OR b >= to_time)
      ) AS dirty
     CROSS JOIN LATERAL monitoring.measured(device, dirty.hour, dirty.hour + interval '1 hour') AS m
  )
  (SELECT 'import', k.bucket FROM (
     (SELECT bucket FROM rolled_up WHERE bucket < from_time AND import_first_at IS NOT NULL ORDER BY bucket DESC LIMIT 1)
     UNION ALL
     (SELECT bucket FROM touched WHERE bucket < from_time AND import_first_at IS NOT NULL ORDER BY bucket DESC LIMIT 1)
   ) AS k ORDER BY k.bucket DESC LIMIT 1)
  UNION ALL
  (SELECT 'import', k.bucket FROM (
     (SELECT bucket FROM rolled_up WHERE bucket >= to_time AND import_first_at IS NOT NULL ORDER BY bucket LIMIT 1)
     UNION ALL
     (SELECT bucket FROM touched WHERE bucket >= to_time AND import_first_at IS NOT NULL ORDER BY bucket LIMIT 1)
   ) AS k ORDER BY k.bucket LIMIT 1)
  UNION ALL
  (SELECT 'export', k.bucket FROM (
     (SELECT bucket FROM rolled_up WHERE bucket < from_time AND export_first_at IS NOT NULL ORDER BY bucket DESC LIMIT 1)
     UNION ALL
     (SELECT bucket FROM touched WHERE bucket < from_time AND export_first_at IS NOT NULL ORDER BY bucket DESC LIMIT 1)
   ) AS k ORDER BY k.bucket DESC LIMIT 1)
  UNION ALL
  (SELECT 'export', k.bucket FROM (
     (SELECT bucket FROM rolled_up WHERE bucket >= to_time AND export_first_at IS NOT NULL ORDER BY bucket LIMIT 1)
     UNION ALL
     (SELECT bucket FROM touched WHERE bucket >= to_time AND export_first_at IS NOT NULL ORDER BY bucket LIMIT 1)
   ) AS k ORDER BY k.bucket LIMIT 1)
  UNION ALL
  (SELECT 'reactive_import', k.bucket FROM (
     (SELECT bucket FROM rolled_up WHERE bucket < from_time AND reactive_import_first_at IS NOT NULL ORDER BY bucket DESC LIMIT 1)
     UNION ALL
     (SELECT bucket FROM touched WHERE bucket < from_time AND reactive_import_first_at IS NOT NULL ORDER BY bucket DESC LIMIT 1)
   ) AS k ORDER BY k.bucket DESC LIMIT 1)
  UNION ALL
  (SELECT 'reactive_import', k.bucket FROM (
     (SELECT bucket FROM rolled_up WHERE bucket >= to_time AND reactive_import_first_at IS NOT NULL ORDER BY bucket LIMIT 1)
     UNION ALL
     (SELECT bucket FROM touched WHERE bucket >= to_time AND reactive_import_first_at IS NOT NULL ORDER BY bucket LIMIT 1)
   ) AS k ORDER BY k.bucket LIMIT 1)
  UNION ALL
  (SELECT 'reactive_export', k.bucket FROM (
     (SELECT bucket FROM rolled_up WHERE bucket < from_time AND reactive_export_first_at IS NOT NULL ORDER BY bucket DESC LIMIT 1)
     UNION ALL
     (SELECT bucket FROM touched WHERE bucket < from_time AND reactive_export_first_at IS NOT NULL ORDER BY bucket DESC LIMIT 1)
   ) AS k ORDER BY k.bucket DESC LIMIT 1)
  UNION ALL
  (SELECT 'reactive_export', k.bucket FROM (
     (SELECT bucket FROM rolled_up WHERE bucket >= to_time AND reactive_export_first_at IS NOT NULL ORDER BY bucket LIMIT 1)
     UNION ALL
     (SELECT bucket FROM touched WHERE bucket >= to_time AND reactive_export_first_at IS NOT NULL ORDER BY bucket LIMIT 1)
   ) AS k ORDER BY k.bucket LIMIT 1)
$$;
