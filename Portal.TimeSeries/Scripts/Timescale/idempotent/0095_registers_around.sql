-- Per register of a device the last hour before [from_time, to_time) in which it is known, and the first one after it.
CREATE OR REPLACE FUNCTION {schema}.registers_around({customer:customer integer, }device integer, from_time timestamptz, to_time timestamptz)
RETURNS TABLE (register text, bucket timestamptz, first_at timestamptz, first double precision, last_at timestamptz, last double precision,
               low double precision, high double precision, power_min_kw real, power_max_kw real)
LANGUAGE sql STABLE AS $$
  (SELECT 'import', h.bucket, h.import_first_at, h.import_first_kwh, h.import_last_at, h.import_last_kwh, h.import_min_kwh, h.import_max_kwh, h.power_min_kw, h.power_max_kw
     FROM {schema}.hourly_per_device AS h
    WHERE {customer:h.customer_id = customer AND }h.device_id = device AND h.bucket < from_time AND h.import_first_at IS NOT NULL ORDER BY h.bucket DESC LIMIT 1)
  UNION ALL
  (SELECT 'import', h.bucket, h.import_first_at, h.import_first_kwh, h.import_last_at, h.import_last_kwh, h.import_min_kwh, h.import_max_kwh, h.power_min_kw, h.power_max_kw
     FROM {schema}.hourly_per_device AS h
    WHERE {customer:h.customer_id = customer AND }h.device_id = device AND h.bucket >= to_time AND h.import_first_at IS NOT NULL ORDER BY h.bucket LIMIT 1)
  UNION ALL
  (SELECT 'export', h.bucket, h.export_first_at, h.export_first_kwh, h.export_last_at, h.export_last_kwh, h.export_min_kwh, h.export_max_kwh, h.power_min_kw, h.power_max_kw
     FROM {schema}.hourly_per_device AS h
    WHERE {customer:h.customer_id = customer AND }h.device_id = device AND h.bucket < from_time AND h.export_first_at IS NOT NULL ORDER BY h.bucket DESC LIMIT 1)
  UNION ALL
  (SELECT 'export', h.bucket, h.export_first_at, h.export_first_kwh, h.export_last_at, h.export_last_kwh, h.export_min_kwh, h.export_max_kwh, h.power_min_kw, h.power_max_kw
     FROM {schema}.hourly_per_device AS h
    WHERE {customer:h.customer_id = customer AND }h.device_id = device AND h.bucket >= to_time AND h.export_first_at IS NOT NULL ORDER BY h.bucket LIMIT 1)
$$;
