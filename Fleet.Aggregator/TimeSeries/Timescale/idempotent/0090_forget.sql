-- All that is stored of a device's measurements. The caller holds the customer's row (FOR UPDATE, or by deleting it), so none is written
-- meanwhile. The aggregate would show the device until its next refresh, hence its table too.
CREATE OR REPLACE FUNCTION fleet.forget_device(device integer, customer integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  deleted bigint;
BEGIN
  DELETE FROM fleet."PowerMeasurements" WHERE "CustomerId" = customer AND "DeviceId" = device;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  DELETE FROM fleet."TouchedRanges" WHERE "CustomerId" = customer AND "DeviceId" = device;
  PERFORM set_config('fleet.forgetting', 'on', true);
  EXECUTE format('DELETE FROM %s WHERE customer_id = $1 AND device_id = $2', fleet.materialised_hours()) USING customer, device;
  PERFORM set_config('fleet.forgetting', '', true);
  INSERT INTO fleet."Forgotten" ("CustomerId", "DeviceId") VALUES (customer, device);
  RETURN deleted;
END $$;

-- The same of all devices of a customer.
CREATE OR REPLACE FUNCTION fleet.forget_measurements(customer integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM fleet."PowerMeasurements" WHERE "CustomerId" = customer;
  DELETE FROM fleet."TouchedRanges" WHERE "CustomerId" = customer;
  PERFORM set_config('fleet.forgetting', 'on', true);
  EXECUTE format('DELETE FROM %s WHERE customer_id = $1', fleet.materialised_hours()) USING customer;
  PERFORM set_config('fleet.forgetting', '', true);
  INSERT INTO fleet."Forgotten" ("CustomerId") VALUES (customer);
END $$;

-- The table behind the aggregate.
CREATE OR REPLACE FUNCTION fleet.materialised_hours() RETURNS regclass
LANGUAGE sql STABLE AS $$
  SELECT format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name)::regclass
    FROM timescaledb_information.continuous_aggregates
   WHERE view_schema = 'fleet' AND view_name = 'hourly_per_device'
$$;
