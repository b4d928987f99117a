-- Keeps hours whose raw rows are dropped. A refresh of the whole aggregate, as the operations guide has it, deletes them and makes them again
-- from the rows that are there, which are none. Deleting a customer or device is allowed.
CREATE OR REPLACE FUNCTION fleet.keep_hour() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('fleet.forgetting', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RETURN NULL;
END $$;

-- Drops the raw rows before fleet.kept_from(), a chunk (a day) at a time; their hours stay. All of them are materialised, and none waits to be
-- refreshed. The triggers' bound is a constant, so that a refresh of what is kept pays nothing for them.
CREATE OR REPLACE FUNCTION fleet.drop_raw_rows() RETURNS integer
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  hours regclass := fleet.materialised_hours();
  bound timestamptz := fleet.kept_from();
BEGIN
  IF NOT EXISTS (SELECT FROM show_chunks('fleet."PowerMeasurements"', older_than => coalesce(bound, '-infinity'))) THEN
    RETURN 0;
  ELSIF EXISTS (SELECT FROM fleet."TouchedRanges" WHERE "From" < bound) THEN
    RAISE EXCEPTION 'Rows before % wait to be rolled up', bound;
  ELSIF fleet.materialised_until() < bound OR EXISTS (
    SELECT FROM timescaledb_information.jobs AS j
      JOIN _timescaledb_catalog.continuous_agg AS a ON a.mat_hypertable_id = (j.config ->> 'mat_hypertable_id')::integer
     WHERE j.proc_name = 'policy_refresh_continuous_aggregate' AND j.config ->> 'start_offset' IS NULL
       AND a.user_view_schema = 'fleet' AND a.user_view_name = 'hourly_per_device') THEN
    RAISE EXCEPTION 'Hours before % are not all materialised yet', bound
      USING HINT = 'The refresh policy of fleet.hourly_per_device does it: see timescaledb_information.job_stats for its last run.';
  END IF;

  EXECUTE format('DROP TRIGGER IF EXISTS keep_hour_from_insert ON %s', hours);
  EXECUTE format('DROP TRIGGER IF EXISTS keep_hour_from_change ON %s', hours);
  EXECUTE format(
    'CREATE TRIGGER keep_hour_from_insert BEFORE INSERT ON %s FOR EACH ROW WHEN (NEW.bucket < %L) EXECUTE FUNCTION fleet.keep_hour()', hours, bound);
  EXECUTE format(
    'CREATE TRIGGER keep_hour_from_change BEFORE UPDATE OR DELETE ON %s FOR EACH ROW WHEN (OLD.bucket < %L) EXECUTE FUNCTION fleet.keep_hour()', hours, bound);
  RETURN (SELECT count(*) FROM drop_chunks('fleet."PowerMeasurements"', bound));
END $$;
