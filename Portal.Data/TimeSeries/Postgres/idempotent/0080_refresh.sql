-- One pass over the to-do list: rolls up the buckets of the oldest notes and deletes exactly those notes, in one transaction.
-- oldest: when the oldest of them was noted; null where there was nothing to do. The caller sees to it that there is one pass at a time. Bounded by most_buckets, and by as many notes (a note has 1 to 96 buckets).
CREATE OR REPLACE FUNCTION monitoring.refresh_roll_ups(most_buckets integer, OUT notes integer, OUT buckets integer, OUT oldest timestamptz)
LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  ids bigint[];
  devices integer[];
  starts timestamptz[];
  written bigint;
BEGIN
  -- A device that is being deleted takes its roll-ups with it: not while they are written here.
  PERFORM pg_advisory_xact_lock_shared(88301613875201);

  -- The notes first, the raw rows after: each statement sees what is committed when it starts, so the rows of a note that is seen are seen
  -- too, and rows without their note are at worst rolled up twice.
  -- (They are found again by a join: = ANY compares every note with every id, which grows with the square of what waits.)
  SELECT array_agg("Id"), min("NotedAt") INTO ids, oldest
    FROM (
      SELECT "Id", "NotedAt", sum(extract(epoch FROM "To" - "From") / 900) OVER (ORDER BY "Id") AS total
        FROM (SELECT "Id", "NotedAt", "From", "To" FROM monitoring."TouchedRanges" ORDER BY "Id" LIMIT most_buckets) AS first
    ) AS counted
   WHERE total <= greatest(most_buckets, 96);
  notes := coalesce(cardinality(ids), 0);
  buckets := 0;
  IF notes = 0 THEN
    RETURN;
  END IF;

  SELECT array_agg(device_id ORDER BY device_id, bucket), array_agg(bucket ORDER BY device_id, bucket) INTO devices, starts
    FROM (
      SELECT DISTINCT t."DeviceId" AS device_id, b AS bucket
        FROM monitoring."TouchedRanges" AS t
       CROSS JOIN LATERAL monitoring.starts_within(t."From", t."To", interval '15 minutes') AS b
       WHERE t."Id" IN (SELECT unnest(ids))
    ) AS dirty;
  buckets := cardinality(devices);

  INSERT INTO monitoring."QuarterHourlyRollUps" AS r
  SELECT m.* FROM unnest(devices, starts) AS dirty (device, start)
   CROSS JOIN LATERAL monitoring.measured(dirty.device, dirty.start, dirty.start + interval '15 minutes') AS m
  ON CONFLICT (device_id, bucket) DO UPDATE SET
       (samples, first_at, last_at,
        power_mean_kw, power_min_kw, power_max_kw,
        reactive_mean_kvar, apparent_max_kva, demand_active_max_kw, demand_apparent_max_kva,
        import_first_kwh, import_first_at, import_last_kwh, import_last_at, import_min_kwh, import_max_kwh,
        export_first_kwh, export_first_at, export_last_kwh, export_last_at, export_min_kwh, export_max_kwh,
        reactive_import_first_kvarh, reactive_import_first_at, reactive_import_last_kvarh, reactive_import_last_at, reactive_import_min_kvarh, reactive_import_max_kvarh,
        reactive_export_first_kvarh, reactive_export_first_at, reactive_export_last_kvarh, reactive_export_last_at, reactive_export_min_kvarh, reactive_export_max_kvarh,
        power_samples, reactive_samples)
     = (EXCLUDED.samples, EXCLUDED.first_at, EXCLUDED.last_at,
        EXCLUDED.power_mean_kw, EXCLUDED.power_min_kw, EXCLUDED.power_max_kw,
        EXCLUDED.reactive_mean_kvar, EXCLUDED.apparent_max_kva, EXCLUDED.demand_active_max_kw, EXCLUDED.demand_apparent_max_kva,
        EXCLUDED.import_first_kwh, EXCLUDED.import_first_at, EXCLUDED.import_last_kwh, EXCLUDED.import_last_at, EXCLUDED.import_min_kwh, EXCLUDED.import_max_kwh,
        EXCLUDED.export_first_kwh, EXCLUDED.export_first_at, EXCLUDED.export_last_kwh, EXCLUDED.export_last_at, EXCLUDED.export_min_kwh, EXCLUDED.export_max_kwh,
        EXCLUDED.reactive_import_first_kvarh, EXCLUDED.reactive_import_first_at, EXCLUDED.reactive_import_last_kvarh, EXCLUDED.reactive_import_last_at, EXCLUDED.reactive_import_min_kvarh, EXCLUDED.reactive_import_max_kvarh,
        EXCLUDED.reactive_export_first_kvarh, EXCLUDED.reactive_export_first_at, EXCLUDED.reactive_export_last_kvarh, EXCLUDED.reactive_export_last_at, EXCLUDED.reactive_export_min_kvarh, EXCLUDED.reactive_export_max_kvarh,
        EXCLUDED.power_samples, EXCLUDED.reactive_samples);
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written < buckets THEN -- the rows of some were deleted
    DELETE FROM monitoring."QuarterHourlyRollUps" AS r
     USING unnest(devices, starts) AS dirty (device, start)
     WHERE r.device_id = dirty.device AND r.bucket = dirty.start
       AND NOT EXISTS (SELECT FROM monitoring.measured(dirty.device, dirty.start, dirty.start + interval '15 minutes'));
  END IF;

  SELECT array_agg(device_id ORDER BY device_id, bucket), array_agg(bucket ORDER BY device_id, bucket) INTO devices, starts
    FROM (
      SELECT DISTINCT device AS device_id, date_trunc('hour', start, 'UTC') AS bucket
        FROM unnest(devices, starts) AS dirty (device, start)
    ) AS hours;

  INSERT INTO monitoring."HourlyRollUps" AS r
  SELECT h.* FROM unnest(devices, starts) AS dirty (device, start)
   CROSS JOIN LATERAL monitoring.hour_of_quarters(dirty.device, dirty.start) AS h
  ON CONFLICT (device_id, bucket) DO UPDATE SET
       (samples, first_at, last_at,
        power_mean_kw, power_min_kw, power_max_kw,
        reactive_mean_kvar, apparent_max_kva, demand_active_max_kw, demand_apparent_max_kva,
        import_first_kwh, import_first_at, import_last_kwh, import_last_at, import_min_kwh, import_max_kwh,
        export_first_kwh, export_first_at, export_last_kwh, export_last_at, export_min_kwh, export_max_kwh,
        reactive_import_first_kvarh, reactive_import_first_at, reactive_import_last_kvarh, reactive_import_last_at, reactive_import_min_kvarh, reactive_import_max_kvarh,
        reactive_export_first_kvarh, reactive_export_first_at, reactive_export_last_kvarh, reactive_export_last_at, reactive_export_min_kvarh, reactive_export_max_kvarh,
        power_samples, reactive_samples)
     = (EXCLUDED.samples, EXCLUDED.first_at, EXCLUDED.last_at,
        EXCLUDED.power_mean_kw, EXCLUDED.power_min_kw, EXCLUDED.power_max_kw,
        EXCLUDED.reactive_mean_kvar, EXCLUDED.apparent_max_kva, EXCLUDED.demand_active_max_kw, EXCLUDED.demand_apparent_max_kva,
        EXCLUDED.import_first_kwh, EXCLUDED.import_first_at, EXCLUDED.import_last_kwh, EXCLUDED.import_last_at, EXCLUDED.import_min_kwh, EXCLUDED.import_max_kwh,
        EXCLUDED.export_first_kwh, EXCLUDED.export_first_at, EXCLUDED.export_last_kwh, EXCLUDED.export_last_at, EXCLUDED.export_min_kwh, EXCLUDED.export_max_kwh,
        EXCLUDED.reactive_import_first_kvarh, EXCLUDED.reactive_import_first_at, EXCLUDED.reactive_import_last_kvarh, EXCLUDED.reactive_import_last_at, EXCLUDED.reactive_import_min_kvarh, EXCLUDED.reactive_import_max_kvarh,
        EXCLUDED.reactive_export_first_kvarh, EXCLUDED.reactive_export_first_at, EXCLUDED.reactive_export_last_kvarh, EXCLUDED.reactive_export_last_at, EXCLUDED.reactive_export_min_kvarh, EXCLUDED.reactive_export_max_kvarh,
        EXCLUDED.power_samples, EXCLUDED.reactive_samples);
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written < cardinality(devices) THEN
    DELETE FROM monitoring."HourlyRollUps" AS r
     USING unnest(devices, starts) AS dirty (device, start)
     WHERE r.device_id = dirty.device AND r.bucket = dirty.start
       AND NOT EXISTS (SELECT FROM monitoring.hour_of_quarters(dirty.device, dirty.start));
  END IF;

  DELETE FROM monitoring."TouchedRanges" WHERE "Id" IN (SELECT unnest(ids));
END $$;
