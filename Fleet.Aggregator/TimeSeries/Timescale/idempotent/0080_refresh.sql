-- What a pass over the to-do list has to refresh, from the oldest notes: per UTC day the range of hours that are materialised already (null
-- where there is none: what isn't is computed live), and the notes that are dealt with by it. There are no quarter hours here.
-- An aggregate is refreshed by time alone, for all customers at once, hence days. The refresh itself refuses a transaction, so the caller runs it.
CREATE OR REPLACE FUNCTION fleet.touched_days(most_days integer)
RETURNS TABLE (
  ids bigint[], oldest timestamptz, quarters_from timestamptz, quarters_to timestamptz, hours_from timestamptz, hours_to timestamptz)
LANGUAGE sql STABLE AS $$
  WITH days AS (
    SELECT array_agg("Id") AS ids, min("NotedAt") AS oldest, date_trunc('hour', min("From"), 'UTC') AS start,
           date_trunc('hour', max("To") + interval '59 minutes', 'UTC') AS finish,
           (SELECT _timescaledb_functions.to_timestamp(_timescaledb_functions.cagg_watermark(mat_hypertable_id))
              FROM _timescaledb_catalog.continuous_agg
             WHERE user_view_schema = 'fleet' AND user_view_name = 'hourly_per_device') AS until
      FROM (SELECT * FROM fleet."TouchedRanges" ORDER BY "Id" LIMIT 20000) AS notes
     GROUP BY date_trunc('day', "From", 'UTC')
     ORDER BY min("Id")
     LIMIT most_days
  )
  SELECT ids, oldest, NULL::timestamptz, NULL::timestamptz,
         CASE WHEN start < until THEN start END,
         CASE WHEN start < until THEN least(finish, until) END
    FROM days
$$;
