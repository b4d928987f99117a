-- One partition a calendar month (UTC): a device-minute a row makes 44,000 rows a device and month, and 30 years are 360 partitions.
-- It is created apart and attached, which takes SHARE UPDATE EXCLUSIVE on the table: neither readers nor writers wait for it.
CREATE OR REPLACE FUNCTION {schema}.ensure_partition(instant timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  month timestamp := date_trunc('month', instant AT TIME ZONE 'UTC');
  partition text := 'PowerMeasurements_' || to_char(month, 'YYYY_MM');
  attached boolean;
BEGIN
  -- Taken before looking, so that of several who miss the same month one creates it and the others find it.
  PERFORM pg_advisory_xact_lock({partitions_lock});
  SELECT i.inhparent IS NOT NULL INTO attached
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND i.inhparent = '{schema}."PowerMeasurements"'::regclass
   WHERE n.nspname = '{schema}' AND c.relname = partition;
  IF attached THEN
    RETURN;
  ELSIF attached IS NOT NULL THEN
    RAISE EXCEPTION 'Table {schema}."%" exists and is not a partition of {schema}."PowerMeasurements"', partition
      USING HINT = 'It was detached by hand: attach it again, or rename or drop it.';
  END IF;

  EXECUTE format(
    'CREATE TABLE {schema}.%I (LIKE {schema}."PowerMeasurements" INCLUDING DEFAULTS INCLUDING INDEXES INCLUDING STORAGE)', partition);
  EXECUTE format(
    'ALTER TABLE {schema}."PowerMeasurements" ATTACH PARTITION {schema}.%I FOR VALUES FROM (%L) TO (%L)',
    partition, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
END $$;
