-- A setting of the database and not of a session, so that a person's and Grafana's statements have it too. Connections get it when they are
-- made. jit: it takes seconds to compile what then runs for milliseconds, as the planner can't guess how few partitions and dirty buckets are met.
DO $$
BEGIN
  EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'Not the owner of database %: let its owner run ALTER DATABASE … SET jit = off', current_database();
END $$;
