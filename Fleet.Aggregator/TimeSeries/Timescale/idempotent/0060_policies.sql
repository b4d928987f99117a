-- What TimescaleDB's own workers do. An operator's changes of a policy's schedule stay: if_not_exists leaves an existing one alone.

-- A week: most late data (a meter's cache after an outage) still finds plain rows, and what comes later is decompressed as needed.
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM timescaledb_information.hypertables
     WHERE hypertable_schema = 'fleet' AND hypertable_name = 'PowerMeasurements' AND compression_enabled) THEN
    ALTER TABLE fleet."PowerMeasurements"
      SET (timescaledb.compress, timescaledb.compress_segmentby = '"CustomerId", "DeviceId"', timescaledb.compress_orderby = '"Time"');
  END IF;
END $$;
SELECT add_compression_policy('fleet."PowerMeasurements"', compress_after => interval '7 days', if_not_exists => TRUE);

-- From the beginning, so that the first run materialises all history: what lies before the newest materialised bucket is not computed live
-- any more. Later runs look only at what has changed, and fleet.bound_policy() takes the beginning away from them. Up to an hour ago, since younger buckets still grow.
-- A transaction a week of hours: by default it would be one a bucket. Written into the job's configuration, which versions that don't know
-- buckets_per_batch ignore.
DO $$
DECLARE
  job integer;
BEGIN
  IF NOT EXISTS (
    SELECT FROM timescaledb_information.jobs AS j
      JOIN _timescaledb_catalog.continuous_agg AS a ON a.mat_hypertable_id = (j.config ->> 'mat_hypertable_id')::integer
     WHERE j.proc_name = 'policy_refresh_continuous_aggregate' AND a.user_view_schema = 'fleet' AND a.user_view_name = 'hourly_per_device') THEN
    job := add_continuous_aggregate_policy(
      'fleet.hourly_per_device', start_offset => NULL, end_offset => interval '1 hour', schedule_interval => interval '15 minutes');
    PERFORM alter_job(job, config => config || jsonb_build_object('buckets_per_batch', 168))
       FROM timescaledb_information.jobs WHERE job_id = job;
  END IF;
END $$;
