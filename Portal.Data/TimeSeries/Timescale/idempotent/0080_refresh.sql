-- What a pass over the to-do list has to refresh, from the oldest notes: per UTC day the range of quarter hours and of hours that are
-- materialised already (null where there is none: what isn't is computed live), and the notes that are dealt with by it.
-- An aggregate is refreshed by time alone, for all devices at once, hence days. The refresh itself refuses a transaction, so the caller runs it.
CREATE OR REPLACE FUNCTION monitoring.touched_days(most_days integer)
RETURNS TABLE (
  ids bigint[], oldest timestamptz, quarters_from timestamptz, quarters_to timestamptz, hours_from timestamptz, hours_to timestamptz)
LANGUAGE sql STABLE AS $$
  WITH materialised AS (
    SELECT user_view_name AS name,
           _timescaledb_functions.to_timestamp(_timescaledb_functions.cagg_watermark(mat_hypertable_id)) AS until
      FROM _timescaledb_catalog.continuous_agg
     WHERE user_view_schema = 'monitoring'
  ),
  days AS (
    SELECT array_agg("Id") AS ids, min("NotedAt") AS oldest, min("From") AS start, max("To") AS finish,
           (SELECT until FROM materialised WHERE name = 'quarter_hourly_per_device') AS quarters_until,
           (SELECT until FROM materialised WHERE name = 'hourly_per_device') AS hours_until
      FROM (SELECT * FROM monitoring."TouchedRanges" ORDER BY "Id" LIMIT 20000) AS notes
     GROUP BY date_trunc('day', "From", 'UTC')
     ORDER BY min("Id")
     LIMIT most_days
  )
  SELECT ids, oldest,
         CASE WHEN start < quarters_until THEN start END,
         CASE WHEN start < quarters_until THEN least(finish, quarters_until) END,
         CASE WHEN date_trunc('hour', start, 'UTC') < hours_until THEN date_trunc('hour', start, 'UTC') END,
         CASE WHEN date_trunc('hour', start, 'UTC') < hours_until
              THEN least(date_trunc('hour', finish + interval '59 minutes', 'UTC'), hours_until) END
    FROM days
$$;
