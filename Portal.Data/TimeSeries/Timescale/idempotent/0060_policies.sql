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
SELECT add_continuous_aggregate_policy(
  'monitoring.quarter_hourly_per_device', start_offset => NULL, end_offset => interval '15 minutes',
  schedule_interval => interval '5 minutes', if_not_exists => TRUE);
SELECT add_continuous_aggregate_policy(
  'monitoring.hourly_per_device', start_offset => NULL, end_offset => interval '1 hour',
  schedule_interval => interval '15 minutes', if_not_exists => TRUE);
