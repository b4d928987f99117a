-- All that is stored of a device's measurements. The caller holds the customer's row (FOR UPDATE, or by deleting it), so none is written or
-- rolled up meanwhile.
CREATE OR REPLACE FUNCTION fleet.forget_device(device integer, customer integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  deleted bigint;
BEGIN
  DELETE FROM fleet."PowerMeasurements" WHERE "CustomerId" = customer AND "DeviceId" = device;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  DELETE FROM fleet."TouchedRanges" WHERE "CustomerId" = customer AND "DeviceId" = device;
  DELETE FROM fleet."HourlyRollUps" WHERE customer_id = customer AND device_id = device;
  RETURN deleted;
END $$;

-- The same of all devices of a customer.
CREATE OR REPLACE FUNCTION fleet.forget_measurements(customer integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM fleet."PowerMeasurements" WHERE "CustomerId" = customer;
  DELETE FROM fleet."TouchedRanges" WHERE "CustomerId" = customer;
  DELETE FROM fleet."HourlyRollUps" WHERE customer_id = customer;
END $$;
