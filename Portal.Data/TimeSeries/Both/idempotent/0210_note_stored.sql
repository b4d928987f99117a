-- Notes all that is stored of a device, or of all where device is null, by day, from the roll-ups: years of a device's raw rows are not read.
-- What was written since they were brought up to date is in the roll-ups' own to-do list, in one snapshot with them.
CREATE OR REPLACE FUNCTION monitoring.note_stored(device integer) RETURNS bigint
LANGUAGE sql AS $$
  WITH noted AS (
    INSERT INTO monitoring."OutboxRanges" ("DeviceId", "First", "Last", "Rows")
    SELECT device_id, min(first), max(last), least(sum(samples), 2147483647)::integer
      FROM (
        SELECT device_id, first_at AS first, last_at AS last, samples
          FROM monitoring.hourly_per_device
         WHERE device IS NULL OR device_id = device
         UNION ALL
        SELECT "DeviceId", "From", "To" - interval '1 microsecond', 1
          FROM monitoring."TouchedRanges"
         WHERE device IS NULL OR "DeviceId" = device
      ) AS stored
     GROUP BY device_id, date_trunc('day', first, 'UTC')
     ORDER BY min(first), device_id
    RETURNING 1
  )
  SELECT count(*) FROM noted
$$;

-- Merges the notes into one a device and day, in the order of noting. Only the pusher does it.
CREATE OR REPLACE FUNCTION monitoring.merge_outbox() RETURNS bigint
LANGUAGE sql AS $$
  WITH gone AS (
    DELETE FROM monitoring."OutboxRanges" RETURNING *
  ),
  merged AS (
    INSERT INTO monitoring."OutboxRanges" ("DeviceId", "First", "Last", "Rows", "NotedAt")
    SELECT "DeviceId", min("First"), max("Last"), least(sum("Rows"), 2147483647)::integer, min("NotedAt")
      FROM gone
     GROUP BY "DeviceId", date_trunc('day', "First", 'UTC')
     ORDER BY min("Id")
    RETURNING 1
  )
  SELECT count(*) FROM merged
$$;
