-- All that is stored of a device's measurements. The caller holds the catalogue's lock, so none is written meanwhile. The aggregates would
-- show the device until their next refresh, hence their tables too.
CREATE OR REPLACE FUNCTION monitoring.forget_device(device integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  deleted bigint;
  materialised record;
BEGIN
  DELETE FROM monitoring."PowerMeasurements" WHERE "DeviceId" = device;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  DELETE FROM monitoring."TouchedRanges" WHERE "DeviceId" = device;
  FOR materialised IN
    SELECT materialization_hypertable_schema AS schema, materialization_hypertable_name AS name
      FROM timescaledb_information.continuous_aggregates
     WHERE view_schema = 'monitoring' AND view_name IN ('quarter_hourly_per_device', 'hourly_per_device')
  LOOP
    EXECUTE format('DELETE FROM %I.%I WHERE device_id = $1', materialised.schema, materialised.name) USING device;
  END LOOP;
  RETURN deleted;
END $$;
