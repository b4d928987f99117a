-- The operations guide says CALL refresh_continuous_aggregate('fleet.hourly_per_device', NULL, NULL). Where there is no TimescaleDB that
-- statement is ours to answer. Never beside TimescaleDB's own procedure, which would no longer be found for other aggregates.
DO $do$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
    DROP PROCEDURE IF EXISTS public.refresh_continuous_aggregate(regclass, timestamptz, timestamptz);
    RETURN;
  END IF;

  CREATE OR REPLACE PROCEDURE public.refresh_continuous_aggregate(
    continuous_aggregate regclass, window_start timestamptz, window_end timestamptz)
  LANGUAGE plpgsql AS $$
  BEGIN
    IF continuous_aggregate IS DISTINCT FROM 'fleet.hourly_per_device'::regclass THEN
      RAISE EXCEPTION 'Only fleet.hourly_per_device can be refreshed here, not %', continuous_aggregate
        USING HINT = 'There is no TimescaleDB in this database: roll-ups are tables, and a job keeps them up to date.';
    END IF;
    CALL fleet.refresh_hours(window_start, window_end);
  END $$;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'May not create in schema public: CALL fleet.refresh_hours(NULL, NULL) instead of refresh_continuous_aggregate';
END $do$;
