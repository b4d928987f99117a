-- One pass over the to-do list: rolls up the hours of the oldest notes and deletes exactly those notes, in one transaction.
-- oldest: when the oldest of them was noted; null where there was nothing to do. The caller sees to it that there is one pass at a time.
-- Bounded by most_buckets hours, and by as many notes (a note has 1 to 24 hours).
CREATE OR REPLACE FUNCTION fleet.refresh_roll_ups(most_buckets integer, OUT notes integer, OUT buckets integer, OUT oldest timestamptz)
LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  ids bigint[];
  customers integer[];
  devices integer[];
  starts timestamptz[];
  written bigint;
BEGIN
  -- The notes first, the raw rows after: each statement sees what is committed when it starts, so the rows of a note that is seen are seen
  -- too, and rows without their note are at worst rolled up twice.
  -- (They are found again by a join: = ANY compares every note with every id, which grows with the square of what waits.)
  SELECT array_agg("Id"), min("NotedAt") INTO ids, oldest
    FROM (
      SELECT "Id", "NotedAt", sum(ceil(date_part('epoch', "To" - date_trunc('hour', "From", 'UTC')) / 3600)) OVER (ORDER BY "Id") AS total
        FROM (SELECT "Id", "NotedAt", "From", "To" FROM fleet."TouchedRanges" ORDER BY "Id" LIMIT most_buckets) AS first
    ) AS counted
   WHERE total <= greatest(most_buckets, 24);
  notes := coalesce(cardinality(ids), 0);
  buckets := 0;
  IF notes = 0 THEN
    RETURN;
  END IF;

  -- A customer or device that is being deleted takes its roll-ups with it: not while they are written here. Once it is gone its notes are too,
  -- which the next statement sees.
  PERFORM FROM fleet."Customers"
    WHERE "Id" IN (SELECT "CustomerId" FROM fleet."TouchedRanges" WHERE "Id" IN (SELECT unnest(ids))) ORDER BY "Id" FOR KEY SHARE;

  -- Sorted once: ORDER BY within the aggregates sorts for each of them.
  SELECT array_agg(customer_id), array_agg(device_id), array_agg(bucket) INTO customers, devices, starts
    FROM (
      SELECT DISTINCT t."CustomerId" AS customer_id, t."DeviceId" AS device_id, b AS bucket
        FROM fleet."TouchedRanges" AS t
       CROSS JOIN LATERAL fleet.starts_within(date_trunc('hour', t."From", 'UTC'), t."To", interval '1 hour') AS b
       WHERE t."Id" IN (SELECT unnest(ids))
       ORDER BY customer_id, device_id, bucket
    ) AS dirty;
  buckets := coalesce(cardinality(devices), 0);

  INSERT INTO fleet."HourlyRollUps" AS r
  SELECT m.* FROM unnest(customers, devices, starts) AS dirty (customer, device, start)
   CROSS JOIN LATERAL fleet.measured(dirty.customer, dirty.device, dirty.start, dirty.start + interval '1 hour') AS m
  ON CONFLICT (customer_id, device_id, bucket) DO UPDATE SET
       (samples, first_at, last_at,
        power_mean_kw, power_min_kw, power_max_kw, power_samples,
        import_first_kwh, import_first_at, import_last_kwh, import_last_at, import_min_kwh, import_max_kwh,
        export_first_kwh, export_first_at, export_last_kwh, export_last_at, export_min_kwh, export_max_kwh)
     = (EXCLUDED.samples, EXCLUDED.first_at, EXCLUDED.last_at,
        EXCLUDED.power_mean_kw, EXCLUDED.power_min_kw, EXCLUDED.power_max_kw, EXCLUDED.power_samples,
        EXCLUDED.import_first_kwh, EXCLUDED.import_first_at, EXCLUDED.import_last_kwh, EXCLUDED.import_last_at, EXCLUDED.import_min_kwh, EXCLUDED.import_max_kwh,
        EXCLUDED.export_first_kwh, EXCLUDED.export_first_at, EXCLUDED.export_last_kwh, EXCLUDED.export_last_at, EXCLUDED.export_min_kwh, EXCLUDED.export_max_kwh);
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written < buckets THEN -- the rows of some were deleted
    DELETE FROM fleet."HourlyRollUps" AS r
     USING unnest(customers, devices, starts) AS dirty (customer, device, start)
     WHERE r.customer_id = dirty.customer AND r.device_id = dirty.device AND r.bucket = dirty.start
       AND NOT EXISTS (SELECT FROM fleet.measured(dirty.customer, dirty.device, dirty.start, dirty.start + interval '1 hour'));
  END IF;

  DELETE FROM fleet."TouchedRanges" WHERE "Id" IN (SELECT unnest(ids));
END $$;
