-- Measurements of every device within [from_time, to_time), both whole hours, and the energy it imported: the sum of its hours by
-- fleet.hourly_energy. For the dashboard, which shows a day of all devices: each hour is read once and looked at once, where making hours of a
-- thousand devices takes five times as long.
-- In PL/pgSQL, since that keeps the plan. It may have been made while nothing waited to be rolled up, and a nested loop would then compare each
-- hour with each of a thousand notes that wait now.
CREATE OR REPLACE FUNCTION fleet.totals_per_device(from_time timestamptz, to_time timestamptz)
RETURNS TABLE (customer_id integer, device_id integer, samples bigint, import_kwh double precision)
LANGUAGE plpgsql STABLE SET enable_nestloop = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  -- A meter that pushes is known in the hours next to the range; nobody has hours that have yet to come, unless a clock is wrong.
  WITH without_edges AS (
    SELECT "CustomerId" AS customer, "Id" AS device FROM fleet."Devices"
    EXCEPT SELECT customer_id, device_id FROM fleet.hourly_per_device WHERE bucket = from_time - interval '1 hour' AND import_first_at IS NOT NULL
    UNION
    (SELECT "CustomerId", "Id" FROM fleet."Devices" WHERE EXISTS (SELECT FROM fleet.hourly_per_device WHERE bucket >= to_time)
     EXCEPT SELECT customer_id, device_id FROM fleet.hourly_per_device WHERE bucket = to_time AND import_first_at IS NOT NULL)
  ),
  hours AS (
    SELECT customer_id, device_id, bucket, samples, import_first_at AS first_at, import_first_kwh AS first, import_last_at AS last_at, import_last_kwh AS last,
           import_min_kwh AS low, import_max_kwh AS high, power_min_kw, power_max_kw
      FROM fleet.hourly_per_device
     WHERE bucket >= from_time - interval '1 hour' AND bucket < to_time + interval '1 hour'
    UNION ALL
    SELECT e.customer, e.device, a.bucket, 0, a.first_at, a.first, a.last_at, a.last, a.low, a.high, a.power_min_kw, a.power_max_kw
      FROM without_edges AS e
     CROSS JOIN LATERAL fleet.registers_around(e.customer, e.device, from_time - interval '1 hour', to_time + interval '1 hour') AS a
     WHERE a.register = 'import'
  ),
  neighbours AS (
    SELECT h.*, greatest(abs(power_min_kw), abs(power_max_kw))::double precision AS peak,
           lag(h.last_at) OVER device AS previous_at, lag(h.last) OVER device AS previous,
           lag(greatest(abs(power_min_kw), abs(power_max_kw))::double precision) OVER device AS previous_peak
      FROM hours AS h
    WINDOW device AS (PARTITION BY h.customer_id, h.device_id ORDER BY h.first_at) -- last those without the register, which count nothing
  ),
  -- What was counted between two readings is shared out evenly over the time between them.
  steps AS (
    SELECT n.*,
           fleet.register_between(previous, first, first_at - previous_at, greatest(previous_peak, peak)) AS before,
           fleet.register_within(first, low, high, last, last_at - first_at, peak) AS within
      FROM neighbours AS n
  )
  SELECT customer_id, device_id,
         coalesce(sum(samples) FILTER (WHERE bucket >= from_time AND bucket < to_time), 0)::bigint,
         sum(CASE WHEN bucket >= from_time AND bucket < to_time THEN within ELSE 0 END
           + CASE
               WHEN previous_at >= from_time AND first_at <= to_time THEN before
               WHEN previous_at < to_time AND first_at > from_time
                 THEN before * date_part('epoch', least(first_at, to_time) - greatest(previous_at, from_time)) / date_part('epoch', first_at - previous_at)
               ELSE 0
             END)
    FROM steps
   GROUP BY customer_id, device_id;
END $$;
