-- All that is stored of a device's measurements. The caller holds the catalogue's lock, so none is written meanwhile.
CREATE OR REPLACE FUNCTION monitoring.forget_device(device integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  deleted bigint;
BEGIN
  DELETE FROM monitoring."PowerMeasurements" WHERE "DeviceId" = device;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  DELETE FROM monitoring."TouchedRanges" WHERE "DeviceId" = device;
  DELETE FROM monitoring."QuarterHourlyRollUps" WHERE device_id = device;
  DELETE FROM monitoring."HourlyRollUps" WHERE device_id = device;
  RETURN deleted;
END $$;
