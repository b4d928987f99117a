-- A quantity that was appended since gets its column. The table is altered, and locked for it, only where one is missing.
DO $$
DECLARE
  missing record;
BEGIN
  FOR missing IN
    SELECT q.name, q.type
      FROM (VALUES {quantities}) AS q (position, name, type)
     WHERE NOT EXISTS (
       SELECT FROM pg_attribute a
        WHERE a.attrelid = '{schema}."PowerMeasurements"'::regclass AND a.attname = q.name AND NOT a.attisdropped)
     ORDER BY q.position
  LOOP
    EXECUTE format('ALTER TABLE {schema}."PowerMeasurements" ADD COLUMN IF NOT EXISTS %I %s', missing.name, missing.type);
  END LOOP;
END $$;
