-- Settings of the database and not of a session, so that a person's and Grafana's statements have them too. Connections get them when they
-- are made.
-- jit: it takes seconds to compile what then runs for milliseconds, as the planner can't guess how few chunks and dirty buckets are met.
-- max_tuples…: late rows of many devices may touch more compressed rows in one transaction than the default of 100,000.
DO $$
DECLARE
  setting text;
BEGIN
  FOREACH setting IN ARRAY ARRAY['jit = off', 'timescaledb.max_tuples_decompressed_per_dml_transaction = 0'] LOOP
    EXECUTE format('ALTER DATABASE %I SET ', current_database()) || setting;
  END LOOP;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'Not the owner of database %: let its owner run ALTER DATABASE … SET %', current_database(), setting;
END $$;
