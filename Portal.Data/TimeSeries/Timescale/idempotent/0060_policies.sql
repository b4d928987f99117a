-- What TimescaleDB's own workers do. An operator's changes of a policy's schedule stay: if_not_exists leaves an existing one alone.

-- A week: most late data (a meter's cache after an outage) still finds plain rows, and what comes later is decompressed as needed.
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM timescaledb_information.hypertables
     WHERE hypertable_schema = 'monitoring' AND hypertable_name = 'PowerMeasurements' AND compression_enabled) THEN
    ALTER TABLE monitoring."PowerMeasurements"
      SET (timescaledb.compress, timescaledb.compress_segmentby = '"DeviceId"', timescaledb.compress_orderby = '"Time"');
  END IF;
END $$;
SELECT add_compression_policy('monitoring."PowerMeasurements"', compress_after => interval '7 days', if_not_exists => TRUE);

-- From the beginning, so that the first run materialises all history: what lies before the newest materialised bucket is not computed live
-- any more. Later runs look only at what has changed. Up to a quarter of an hour ago, since younger buckets still grow.
-- A transaction a day of quarter hours (one chunk) and a week of hours: by default it would be one a bucket. Written into the job's
-- configuration, which versions that don't know buckets_per_batch ignore.
DO $$
DECLARE
  policy record;
  job integer;
BEGIN
  FOR policy IN
    SELECT *
      FROM (VALUES
        ('quarter_hourly_per_device', interval '15 minutes', interval '5 minutes', 96),
        ('hourly_per_device', interval '1 hour', interval '15 minutes', 168)
      ) AS p (name, end_offset, every, batch)
     WHERE NOT EXISTS (
       SELECT FROM timescaledb_information.jobs AS j
         JOIN _timescaledb_catalog.continuous_agg AS a ON a.mat_hypertable_id = (j.config ->> 'mat_hypertable_id')::integer
        WHERE j.proc_name = 'policy_refresh_continuous_aggregate' AND a.user_view_schema = 'monitoring' AND a.user_view_name = p.name)
  LOOP
    job := add_continuous_aggregate_policy(
      format('monitoring.%I', policy.name)::regclass, start_offset => NULL, end_offset => policy.end_offset, schedule_interval => policy.every);
    PERFORM alter_job(job, config => config || jsonb_build_object('buckets_per_batch', policy.batch))
       FROM timescaledb_information.jobs WHERE job_id = job;
  END LOOP;
END $$;
