-- Rows come minute by minute from all devices, so each of a device's 1,440 rows of a day lies on a page of its own, and its month on 43,000. Here
-- the next device's rows of a day are laid together: taken out and put in again as they are, 1,440 of them on 30 pages. Nothing has changed by it,
-- so nothing is noted. Each call is short, and its transaction says how far it is.
-- Deleted and inserted rather than updated: an update stays on its page where there is room, and there is as soon as a neighbour has moved.
-- moved: rows of that device; device: null where none is left, and the day is done.
CREATE OR REPLACE FUNCTION monitoring.gather_next(of_day date, OUT device integer, OUT moved bigint)
LANGUAGE plpgsql
SET lock_timeout = '200ms' -- whoever fills up rows of the day, or deletes a device, goes first; a deadlock is given up long before it is looked for
SET enable_seqscan = off SET enable_bitmapscan = off -- by the key, so that rows are locked in the order in which writers lock them
AS $$
DECLARE
  start timestamptz := of_day::timestamp AT TIME ZONE 'UTC';
  partition text := 'PowerMeasurements_' || to_char(of_day, 'YYYY_MM');
BEGIN
  -- What a crash takes back is as it was before, and done again.
  PERFORM set_config('synchronous_commit', 'off', true);

  -- A device that is being deleted takes its rows with it: not while they are put in again here, where its DELETE would not see them.
  PERFORM pg_advisory_xact_lock_shared(88301613875201);

  INSERT INTO monitoring."GatheredDays" ("Day") VALUES (of_day) ON CONFLICT DO NOTHING;
  SELECT min(d."Id") INTO device
    FROM monitoring."Devices" AS d
   WHERE d."Id" > (SELECT g."LastDevice" FROM monitoring."GatheredDays" AS g WHERE g."Day" = of_day);
  IF device IS NULL THEN
    UPDATE monitoring."GatheredDays" SET "DoneAt" = now() WHERE "Day" = of_day;
    RETURN;
  END IF;

  EXECUTE format(
    'WITH taken AS (DELETE FROM monitoring.%1$I WHERE "DeviceId" = $1 AND "Time" >= $2 AND "Time" < $3 RETURNING *)
     INSERT INTO monitoring.%1$I SELECT * FROM taken ORDER BY "Time"',
    partition)
    USING device, start, start + interval '24 hours';
  GET DIAGNOSTICS moved = ROW_COUNT;
  UPDATE monitoring."GatheredDays" SET "LastDevice" = device, "Rows" = "Rows" + moved WHERE "Day" = of_day;
END $$;
