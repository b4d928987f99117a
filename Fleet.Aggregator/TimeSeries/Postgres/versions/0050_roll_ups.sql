-- What TimescaleDB keeps in a continuous aggregate. A row is written anew each time its hour is touched, and nothing of it but the keys is
-- indexed: with a fifth of the page free those are HOT updates, which leave no dead index entries behind.
CREATE TABLE fleet."HourlyRollUps" (
  customer_id integer NOT NULL,
  device_id integer NOT NULL,
  bucket timestamptz NOT NULL, -- start of the hour (UTC)
  samples bigint NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  power_mean_kw double precision,
  power_min_kw real,
  power_max_kw real,
  power_samples bigint NOT NULL, -- samples that have the power: the weight to take means of means with
  -- First and last known readings of each register: loggers post at different paces, so they need not be of the first and last sample.
  import_first_kwh double precision,
  import_first_at timestamptz,
  import_last_kwh double precision,
  import_last_at timestamptz,
  import_min_kwh double precision,
  import_max_kwh double precision,
  export_first_kwh double precision,
  export_first_at timestamptz,
  export_last_kwh double precision,
  export_last_at timestamptz,
  export_min_kwh double precision,
  export_max_kwh double precision,
  CONSTRAINT "PK_HourlyRollUps" PRIMARY KEY (customer_id, device_id, bucket)
) WITH (fillfactor = 80);

-- "All customers today" reads a day and not all history.
CREATE INDEX "IX_HourlyRollUps_bucket" ON fleet."HourlyRollUps" (bucket);
