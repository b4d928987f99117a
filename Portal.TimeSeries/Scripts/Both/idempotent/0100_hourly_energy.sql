-- Energy is a difference of registers, and these functions are the rules of Portal.Domain/Energy in SQL: RegisterReset and RegisterCurve. A
-- test holds them together. The planner puts their text in the place of a call.

-- A step down beyond rounding: the register was reset or the meter swapped.
CREATE OR REPLACE FUNCTION {schema}.register_fell(before double precision, after double precision) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT before - after > greatest(0.01, abs(before) * 1e-6)
$$;

-- What was counted since a reset: the new reading, unless it is more than twice the highest power around could have used.
CREATE OR REPLACE FUNCTION {schema}.register_since(after double precision, span interval, peak_kw double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN after >= 0 AND (peak_kw IS NULL OR after <= 2 * peak_kw * extract(epoch FROM span)::double precision / 3600 + 1) THEN after
    ELSE 0
  END
$$;

-- What was counted between the last reading of one bucket and the first of the next; 0 where either is null. peak_kw: of both buckets.
CREATE OR REPLACE FUNCTION {schema}.register_between(previous double precision, first double precision, span interval, peak_kw double precision)
RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN first >= previous THEN first - previous -- nearly always, and said before what is dearer to ask
    WHEN {schema}.register_fell(previous, first) THEN {schema}.register_since(first, span, peak_kw)
    ELSE 0
  END
$$;

-- What was counted from the first reading of a bucket to its last; 0 where there is none. low, high: the lowest and highest one.
CREATE OR REPLACE FUNCTION {schema}.register_within(
  first double precision, low double precision, high double precision, last double precision, span interval, peak_kw double precision)
RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN low >= first AND high <= last THEN last - first
    WHEN {schema}.register_fell(high, last) OR {schema}.register_fell(first, low) THEN high - first + {schema}.register_since(low, span, peak_kw) + (last - low)
    ELSE greatest(0, last - first)
  END
$$;

-- Energy of every device and hour (UTC) of [from_time, to_time), both whole hours. There is a row for each hour that touches what is known of
-- import or export, hours within a gap included. estimated: an edge lies in a gap of more than 6 minutes, a reset was bridged, or readings
-- begin or end within the hour.
-- A function and not a view, since a filter isn't pushed below a window: a view would read all history.
CREATE OR REPLACE FUNCTION {schema}.hourly_energy(from_time timestamptz, to_time timestamptz{customer:, only_customer integer DEFAULT NULL})
RETURNS TABLE ({customer:customer_id integer, }device_id integer, bucket timestamptz, import_kwh double precision, export_kwh double precision, estimated boolean)
LANGUAGE sql STABLE AS $$
  WITH known AS (
    -- Per register: the last known bucket before the range, those within, the first known one after it.
    SELECT d."Id" AS device, b.*
      FROM {schema}."Devices" AS d
     CROSS JOIN LATERAL (
       SELECT n.* FROM {schema}.registers_around({customer:d."CustomerId", }d."Id", from_time, to_time) AS n
       UNION ALL
       (SELECT r.*
          FROM {schema}.hourly_per_device AS h
         CROSS JOIN LATERAL (VALUES
           ('import', h.bucket, import_first_at, import_first_kwh, import_last_at,
            import_last_kwh, import_min_kwh, import_max_kwh, power_min_kw, power_max_kw),
           ('export', h.bucket, export_first_at, export_first_kwh, export_last_at,
            export_last_kwh, export_min_kwh, export_max_kwh, power_min_kw, power_max_kw)
         ) AS r (register, bucket, first_at, first, last_at, last, low, high, power_min_kw, power_max_kw)
         WHERE {customer:h.customer_id = d."CustomerId" AND }h.device_id = d."Id" AND h.bucket >= from_time AND h.bucket < to_time AND r.first_at IS NOT NULL)
     ) AS b
     -- A range, so that one customer is found by the key: "null or equal" would read all devices for it.
     {customer:WHERE d."CustomerId" BETWEEN coalesce(only_customer, 0) AND coalesce(only_customer, 2147483647)}
  ),
  neighbours AS (
    SELECT k.*, greatest(abs(power_min_kw), abs(power_max_kw))::double precision AS peak,
           lag(k.bucket) OVER device_register AS previous_bucket, lag(k.last_at) OVER device_register AS previous_at,
           lag(k.last) OVER device_register AS previous,
           lag(greatest(abs(power_min_kw), abs(power_max_kw))::double precision) OVER device_register AS previous_peak,
           lead(k.bucket) OVER device_register IS NULL AS newest
      FROM known AS k
    WINDOW device_register AS (PARTITION BY k.device, k.register ORDER BY k.bucket)
  ),
  judged AS (
    SELECT n.*,
           coalesce({schema}.register_fell(previous, first), false) AS reset_before,
           last_at > first_at AND ({schema}.register_fell(high, last) OR {schema}.register_fell(first, low)) AS reset_within
      FROM neighbours AS n
  ),
  steps AS (
    SELECT j.*,
           {schema}.register_between(previous, first, first_at - previous_at, greatest(previous_peak, peak)) AS before,
           {schema}.register_within(first, low, high, last, last_at - first_at, peak) AS within
      FROM judged AS j
  ),
  curve AS (
    SELECT s.*,
           sum(before + within) OVER (PARTITION BY s.device, s.register ORDER BY s.bucket) - within AS at_first,
           sum(before + within) OVER (PARTITION BY s.device, s.register ORDER BY s.bucket) AS at_last
      FROM steps AS s
  ),
  -- The curve at the edges between a bucket and the one before it; two or more where hours without a reading lie between them.
  edges AS (
    SELECT c.device, c.register, e AS edge,
           at_first - before * (extract(epoch FROM c.first_at - e) / extract(epoch FROM c.first_at - c.previous_at))::double precision AS value,
           c.first_at > e AND (c.reset_before OR c.first_at - c.previous_at > interval '6 minutes') AS uncertain_after,
           c.reset_before OR (c.first_at > e AND c.first_at - c.previous_at > interval '6 minutes') AS uncertain_before
      FROM curve AS c
     CROSS JOIN LATERAL generate_series(greatest(c.previous_bucket + interval '1 hour', from_time), least(c.bucket, to_time), interval '1 hour') AS e
     WHERE c.previous IS NOT NULL
    UNION ALL
    -- The oldest reading of all: an edge of its own where it lies on one, else the hour begins with it.
    SELECT c.device, c.register, c.bucket, c.at_first, c.first_at > c.bucket, true
      FROM curve AS c
     WHERE c.previous IS NULL AND c.bucket >= from_time AND c.bucket < to_time
    UNION ALL
    -- The newest: the hour ends with it, unless that leaves nothing of the hour.
    SELECT c.device, c.register, c.bucket + interval '1 hour', c.at_last, true, true
      FROM curve AS c
     WHERE c.newest AND c.bucket >= from_time AND c.bucket < to_time
       AND c.last_at > CASE WHEN c.previous IS NULL THEN c.first_at ELSE c.bucket END
  ),
  hours AS (
    SELECT e.device, e.register, e.edge AS hour,
           lead(e.value) OVER following - e.value AS kwh,
           e.uncertain_after OR lead(e.uncertain_before) OVER following AS uncertain
      FROM edges AS e
    WINDOW following AS (PARTITION BY e.device, e.register ORDER BY e.edge)
  )
  SELECT {customer:owner."CustomerId", }h.device, h.hour,
         max(greatest(0, h.kwh)) FILTER (WHERE h.register = 'import'),
         max(greatest(0, h.kwh)) FILTER (WHERE h.register = 'export'),
         bool_or(h.uncertain OR EXISTS (
           SELECT FROM curve AS c
            WHERE c.device = h.device AND c.register = h.register AND c.bucket = h.hour AND c.reset_within))
    FROM hours AS h
    {customer:JOIN {schema}."Devices" AS owner ON owner."Id" = h.device}
   WHERE h.kwh IS NOT NULL
   GROUP BY {customer:owner."CustomerId", }h.device, h.hour
$$;
