-- What TimescaleDB keeps in continuous aggregates. A row is written anew each time its bucket is touched, and nothing of it but the key is
-- indexed: with a fifth of the page free those are HOT updates, which leave no dead index entries behind.
CREATE TABLE monitoring."QuarterHourlyRollUps" (
  device_id integer NOT NULL,
  bucket timestamptz NOT NULL, -- start of the interval
  samples bigint NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  power_mean_kw double precision,
  power_min_kw real,
  power_max_kw real,
  reactive_mean_kvar double precision,
  apparent_max_kva real,
  demand_active_max_kw real,
  demand_apparent_max_kva real,
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
  reactive_import_first_kvarh double precision,
  reactive_import_first_at timestamptz,
  reactive_import_last_kvarh double precision,
  reactive_import_last_at timestamptz,
  reactive_import_min_kvarh double precision,
  reactive_import_max_kvarh double precision,
  reactive_export_first_kvarh double precision,
  reactive_export_first_at timestamptz,
  reactive_export_last_kvarh double precision,
  reactive_export_last_at timestamptz,
  reactive_export_min_kvarh double precision,
  reactive_export_max_kvarh double precision,
  power_samples bigint NOT NULL,    -- samples that have the power, and the reactive power: the weights that hours take means with
  reactive_samples bigint NOT NULL,
  CONSTRAINT "PK_QuarterHourlyRollUps" PRIMARY KEY (device_id, bucket)
) WITH (fillfactor = 80);

CREATE TABLE monitoring."HourlyRollUps" (
  LIKE monitoring."QuarterHourlyRollUps",
  CONSTRAINT "PK_HourlyRollUps" PRIMARY KEY (device_id, bucket)
) WITH (fillfactor = 80);
