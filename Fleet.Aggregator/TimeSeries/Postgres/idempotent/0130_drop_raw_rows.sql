-- Drops the raw rows before fleet.kept_from(), a partition (a month) at a time; their hours stay. Nothing of them waits to be rolled up.
-- A partition is dropped under a lock that readers and writers wait for, so it is given up after two seconds: the next run does it.
CREATE OR REPLACE FUNCTION fleet.drop_raw_rows() RETURNS integer
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  partition record;
  dropped integer := 0;
BEGIN
  IF EXISTS (SELECT FROM fleet."TouchedRanges" WHERE "From" < fleet.kept_from()) THEN
    RAISE EXCEPTION 'Rows before % wait to be rolled up', fleet.kept_from();
  END IF;
  FOR partition IN
    SELECT i.inhrelid::regclass AS name
      FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'fleet."PowerMeasurements"'::regclass
       AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= fleet.kept_from() AT TIME ZONE 'UTC'
  LOOP
    EXECUTE format('DROP TABLE %s', partition.name);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;
