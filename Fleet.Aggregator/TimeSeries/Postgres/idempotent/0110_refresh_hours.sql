-- Rolls up again every hour of the window that has raw rows, bit by bit: readers compute live what is noted and not rolled up yet, and the
-- roll-up job is kept out for a second at a time only. NULL is unbounded. Hours without raw rows stay as they are.
-- It commits as it goes, so it refuses a transaction block, as TimescaleDB's own refresh does.
CREATE OR REPLACE PROCEDURE fleet.refresh_hours(window_start timestamptz, window_end timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  touched record;
  noted integer := 0;
BEGIN
  FOR touched IN
    SELECT "CustomerId" AS customer, "DeviceId" AS device, date_trunc('day', "Time", 'UTC') AS day
      FROM fleet."PowerMeasurements"
     WHERE "Time" >= coalesce(window_start, '-infinity') AND "Time" < coalesce(window_end, 'infinity')
     GROUP BY 1, 2, 3 ORDER BY 3, 1, 2
  LOOP
    INSERT INTO fleet."TouchedRanges" ("CustomerId", "DeviceId", "From", "To")
    VALUES (touched.customer, touched.device, touched.day, touched.day + interval '24 hours');
    noted := noted + 1;
    IF noted % 80 = 0 THEN
      CALL fleet.refresh_noted();
    END IF;
  END LOOP;
  CALL fleet.refresh_noted();
END $$;

-- All that is noted, in passes of the job's size.
CREATE OR REPLACE PROCEDURE fleet.refresh_noted()
LANGUAGE plpgsql AS $$
BEGIN
  LOOP
    PERFORM pg_advisory_xact_lock({roll_ups_lock}); -- one pass at a time; it goes with the commit
    EXIT WHEN (SELECT notes = 0 FROM fleet.refresh_roll_ups(2000));
    COMMIT;
  END LOOP;
  COMMIT;
END $$;
