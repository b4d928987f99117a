-- Months of raw rows before fleet.kept_from(), each with how far its removal has come: attached, detaching (broken off) or detached. Nothing of
-- them waits to be rolled up. A month that somebody detached by hand has no mark and is theirs. Taking a partition off without a lock that readers
-- or writers wait for is not possible within a function: see ExpiredPartitions.cs.
DROP FUNCTION IF EXISTS fleet.drop_raw_rows();
CREATE OR REPLACE FUNCTION fleet.expired_partitions() RETURNS TABLE (name text, state text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF EXISTS (SELECT FROM fleet."TouchedRanges" WHERE "From" < fleet.kept_from()) THEN
    RAISE EXCEPTION 'Rows before % wait to be rolled up', fleet.kept_from();
  END IF;
  RETURN QUERY
    SELECT format('fleet.%I', c.relname), CASE WHEN i.inhrelid IS NULL THEN 'detached' WHEN i.inhdetachpending THEN 'detaching' ELSE 'attached' END
      FROM pg_class AS c
      LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid AND i.inhparent = 'fleet."PowerMeasurements"'::regclass
     WHERE c.relnamespace = 'fleet'::regnamespace AND c.relkind = 'r' AND c.relname ~ '^PowerMeasurements_\d{4}_\d{2}$'
       AND c.relname < 'PowerMeasurements_' || to_char(fleet.kept_from() AT TIME ZONE 'UTC', 'YYYY_MM')
       AND (i.inhrelid IS NOT NULL OR obj_description(c.oid, 'pg_class') = 'expired')
     ORDER BY i.inhdetachpending DESC NULLS LAST, c.relname; -- one at a time may be on its way
END $$;
