-- The measurement table: created, or converted from a plain one with its rows. Either way in this transaction, so an interrupted start
-- leaves what was there.
DO $$
DECLARE
  kind "char" := (SELECT relkind FROM pg_class WHERE oid = to_regclass('{schema}."PowerMeasurements"'));
  taken text;
  month timestamptz;
BEGIN
  IF kind = 'p' THEN
    RETURN;
  ELSIF kind = 'r' THEN
    ALTER TABLE {schema}."PowerMeasurements" RENAME TO "PowerMeasurements_plain";
    -- Its key's name goes with it only if asked.
    EXECUTE (
      SELECT coalesce(string_agg(format('ALTER INDEX {schema}.%I RENAME TO %I;', c.relname, left(c.relname, 57) || '_plain'), ''), 'SELECT 1')
        FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
       WHERE x.indrelid = '{schema}."PowerMeasurements_plain"'::regclass);
  ELSIF kind IS NOT NULL THEN
    RAISE EXCEPTION '{schema}."PowerMeasurements" is neither a table nor a partitioned table'
      USING HINT = 'Something else took its name: rename or drop it.';
  END IF;

  CREATE TABLE {schema}."PowerMeasurements" (
    {customer:"CustomerId" integer NOT NULL, }"DeviceId" integer NOT NULL,
    "Time" timestamptz NOT NULL,
    "ReceivedAt" timestamptz NOT NULL,
    {columns},
    CONSTRAINT "PK_PowerMeasurements" PRIMARY KEY ({customer:"CustomerId", }"DeviceId", "Time")
  ) PARTITION BY RANGE ("Time");

  IF kind = 'r' THEN
    FOR month IN SELECT DISTINCT date_trunc('month', "Time", 'UTC') FROM {schema}."PowerMeasurements_plain" LOOP
      PERFORM {schema}.ensure_partition(month);
    END LOOP;
    SELECT string_agg(quote_ident(n.attname), ', ') INTO taken
      FROM pg_attribute n
      JOIN pg_attribute o ON o.attname = n.attname AND o.attrelid = '{schema}."PowerMeasurements_plain"'::regclass
     WHERE n.attrelid = '{schema}."PowerMeasurements"'::regclass AND n.attnum > 0 AND NOT n.attisdropped
       AND o.attnum > 0 AND NOT o.attisdropped AND n.attname <> 'ReceivedAt';
    EXECUTE format(
      'INSERT INTO {schema}."PowerMeasurements" (%s, "ReceivedAt") SELECT %s, %s FROM {schema}."PowerMeasurements_plain"',
      taken, taken,
      CASE WHEN EXISTS (
        SELECT FROM pg_attribute
         WHERE attrelid = '{schema}."PowerMeasurements_plain"'::regclass AND attname = 'ReceivedAt' AND NOT attisdropped)
      THEN 'coalesce("ReceivedAt", "Time")' ELSE '"Time"' END);
    INSERT INTO {schema}."TouchedRanges" ({customer:"CustomerId", }"DeviceId", "From", "To")
    SELECT DISTINCT {customer:"CustomerId", }"DeviceId", date_trunc('day', "Time", 'UTC'), date_trunc('day', "Time", 'UTC') + interval '24 hours'
      FROM {schema}."PowerMeasurements_plain";
    DROP TABLE {schema}."PowerMeasurements_plain";
  END IF;
END $$;
