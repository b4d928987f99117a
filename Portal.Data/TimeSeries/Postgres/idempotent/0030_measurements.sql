-- The measurement table: created, or converted from a plain one with its rows. Either way in this transaction, so an interrupted start
-- leaves what was there.
DO $$
DECLARE
  kind "char" := (SELECT relkind FROM pg_class WHERE oid = to_regclass('monitoring."PowerMeasurements"'));
  taken text;
  month timestamptz;
BEGIN
  IF kind = 'p' THEN
    RETURN;
  ELSIF kind = 'r' THEN
    ALTER TABLE monitoring."PowerMeasurements" RENAME TO "PowerMeasurements_plain";
    -- Its key's name goes with it only if asked.
    EXECUTE (
      SELECT coalesce(string_agg(format('ALTER INDEX monitoring.%I RENAME TO %I;', c.relname, left(c.relname, 57) || '_plain'), ''), 'SELECT 1')
        FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
       WHERE x.indrelid = 'monitoring."PowerMeasurements_plain"'::regclass);
  ELSIF kind IS NOT NULL THEN
    RAISE EXCEPTION 'monitoring."PowerMeasurements" is neither a table nor a partitioned table'
      USING HINT = 'Something else took its name: rename or drop it.';
  END IF;

  CREATE TABLE monitoring."PowerMeasurements" (
    "DeviceId" integer NOT NULL,
    "Time" timestamptz NOT NULL,
    "ReceivedAt" timestamptz NOT NULL,
    {columns},
    CONSTRAINT "PK_PowerMeasurements" PRIMARY KEY ("DeviceId", "Time")
  ) PARTITION BY RANGE ("Time");

  IF kind = 'r' THEN
    FOR month IN SELECT DISTINCT date_trunc('month', "Time", 'UTC') FROM monitoring."PowerMeasurements_plain" LOOP
      PERFORM monitoring.ensure_partition(month);
    END LOOP;
    SELECT string_agg(quote_ident(n.attname), ', ') INTO taken
      FROM pg_attribute n
      JOIN pg_attribute o ON o.attname = n.attname AND o.attrelid = 'monitoring."PowerMeasurements_plain"'::regclass
     WHERE n.attrelid = 'monitoring."PowerMeasurements"'::regclass AND n.attnum > 0 AND NOT n.attisdropped
       AND o.attnum > 0 AND NOT o.attisdropped AND n.attname <> 'ReceivedAt';
    EXECUTE format(
      'INSERT INTO monitoring."PowerMeasurements" (%s, "ReceivedAt") SELECT %s, %s FROM monitoring."PowerMeasurements_plain"',
      taken, taken,
      CASE WHEN EXISTS (
        SELECT FROM pg_attribute
         WHERE attrelid = 'monitoring."PowerMeasurements_plain"'::regclass AND attname = 'ReceivedAt' AND NOT attisdropped)
      THEN 'coalesce("ReceivedAt", "Time")' ELSE '"Time"' END);
    INSERT INTO monitoring."TouchedRanges" ("DeviceId", "From", "To")
    SELECT DISTINCT "DeviceId", date_trunc('day', "Time", 'UTC'), date_trunc('day', "Time", 'UTC') + interval '24 hours'
      FROM monitoring."PowerMeasurements_plain";
    DROP TABLE monitoring."PowerMeasurements_plain";
  END IF;
END $$;
