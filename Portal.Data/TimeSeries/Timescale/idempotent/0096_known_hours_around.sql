-- Of each register of a device the last hour before [from_time, to_time) in which it is known, and the first one after it.
CREATE OR REPLACE FUNCTION monitoring.known_hours_around(device integer, from_time timestamptz, to_time timestamptz)
RETURNS TABLE (register text, hour timestamptz) LANGUAGE sql STABLE AS $$
  (SELECT 'import', bucket FROM monitoring.hourly_per_device
    WHERE device_id = device AND bucket < from_time AND import_first_at IS NOT NULL ORDER BY bucket DESC LIMIT 1)
  UNION ALL
  (SELECT 'import', bucket FROM monitoring.hourly_per_device
    WHERE device_id = device AND bucket >= to_time AND import_first_at IS NOT NULL ORDER BY bucket LIMIT 1)
  UNION ALL
  (SELECT 'export', bucket FROM monitoring.hourly_per_device
    WHERE device_id = device AND bucket < from_time AND export_first_at IS NOT NULL ORDER BY bucket DESC LIMIT 1)
  UNION ALL
  (SELECT 'export', bucket FROM monitoring.hourly_per_device
    WHERE device_id = device AND bucket >= to_time AND export_first_at IS NOT NULL ORDER BY bucket LIMIT 1)
  UNION ALL
  (SELECT 'reactive_import', bucket FROM monitoring.hourly_per_device
    WHERE device_id = device AND bucket < from_time AND reactive_import_first_at IS NOT NULL ORDER BY bucket DESC LIMIT 1)
  UNION ALL
  (SELECT 'reactive_import', bucket FROM monitoring.hourly_per_device
    WHERE device_id = device AND bucket >= to_time AND reactive_import_first_at IS NOT NULL ORDER BY bucket LIMIT 1)
  UNION ALL
  (SELECT 'reactive_export', bucket FROM monitoring.hourly_per_device
    WHERE device_id = device AND bucket < from_time AND reactive_export_first_at IS NOT NULL ORDER BY bucket DESC LIMIT 1)
  UNION ALL
  (SELECT 'reactive_export', bucket FROM monitoring.hourly_per_device
    WHERE device_id = device AND bucket >= to_time AND reactive_export_first_at IS NOT NULL ORDER BY bucket LIMIT 1)
$$;
