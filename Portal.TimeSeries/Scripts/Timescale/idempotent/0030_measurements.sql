-- The measurement table: created as a hypertable, or a plain one made a hypertable with its rows.
-- Chunks of one day: an incremental refresh then reads a day at most, without an index on the time alone.
DO $$
DECLARE
  kind "char" := (SELECT relkind FROM pg_class WHERE oid = to_regclass('{schema}."PowerMeasurements"'));
  wrong record;
BEGIN
  IF EXISTS (
    SELECT FROM timescaledb_information.hypertables
     WHERE hypertable_schema = '{schema}' AND hypertable_name = 'PowerMeasurements') THEN
    RETURN;
  ELSIF kind IS NULL THEN
    CREATE TABLE {schema}."PowerMeasurements" (
      {customer:"CustomerId" integer NOT NULL, }"DeviceId" integer NOT NULL,
      "Time" timestamptz NOT NULL,
      "ReceivedAt" timestamptz NOT NULL,
      {columns},
      CONSTRAINT "PK_PowerMeasurements" PRIMARY KEY ({customer:"CustomerId", }"DeviceId", "Time")
    );
  ELSIF kind = 'r' THEN
    ALTER TABLE {schema}."PowerMeasurements" ADD COLUMN IF NOT EXISTS "ReceivedAt" timestamptz;
    UPDATE {schema}."PowerMeasurements" SET "ReceivedAt" = "Time" WHERE "ReceivedAt" IS NULL;
    ALTER TABLE {schema}."PowerMeasurements" ALTER COLUMN "ReceivedAt" SET NOT NULL;
    FOR wrong IN
      SELECT q.name, q.type
        FROM (VALUES (-1, 'CustomerId', 'integer'), (-1, 'DeviceId', 'integer'), (-1, 'Time', 'timestamptz'), (-1, 'ReceivedAt', 'timestamptz'), {quantities})
             AS q (position, name, type)
        JOIN pg_attribute a ON a.attrelid = '{schema}."PowerMeasurements"'::regclass AND a.attname = q.name AND NOT a.attisdropped
       WHERE a.atttypid <> q.type::regtype
    LOOP
      EXECUTE format('ALTER TABLE {schema}."PowerMeasurements" ALTER COLUMN %I TYPE %s', wrong.name, wrong.type);
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_index WHERE indrelid = '{schema}."PowerMeasurements"'::regclass AND indisprimary) THEN
      ALTER TABLE {schema}."PowerMeasurements" ADD CONSTRAINT "PK_PowerMeasurements" PRIMARY KEY ({customer:"CustomerId", }"DeviceId", "Time");
    END IF;
  ELSE
    RAISE EXCEPTION '{schema}."PowerMeasurements" is not a plain table, so it can''t become a hypertable'
      USING HINT = 'It was made by plain PostgreSQL''s engine: set Database__TimeSeries to postgres, or move its rows to a fresh database.';
  END IF;

  PERFORM create_hypertable(
    '{schema}."PowerMeasurements"', 'Time',
    chunk_time_interval => interval '1 day', create_default_indexes => FALSE, migrate_data => TRUE);
END $$;
