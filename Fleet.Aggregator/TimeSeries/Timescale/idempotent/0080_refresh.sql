-- Deletes hours of deleted customers and devices that a refresh of TimescaleDB's own has put back: every quarter of an hour for a day, which is
-- longer than any refresh takes. A device that was created again keeps the hours that it has rows of.
CREATE OR REPLACE FUNCTION fleet.sweep_forgotten() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  forgotten record;
BEGIN
  FOR forgotten IN SELECT * FROM fleet."Forgotten" WHERE "SweptAt" < now() - interval '15 minutes' LOOP
    EXECUTE format(
      'DELETE FROM %s AS h WHERE customer_id = $1 AND ($2 IS NULL OR device_id = $2)
          AND bucket >= coalesce(fleet.kept_from(), ''-infinity'') AND NOT EXISTS (
         SELECT FROM fleet."PowerMeasurements" AS m
          WHERE m."CustomerId" = h.customer_id AND m."DeviceId" = h.device_id AND m."Time" >= h.bucket AND m."Time" < h.bucket + interval ''1 hour'')',
      fleet.materialised_hours()) USING forgotten."CustomerId", forgotten."DeviceId";
    UPDATE fleet."Forgotten" SET "SweptAt" = now() WHERE "Id" = forgotten."Id";
  END LOOP;
  DELETE FROM fleet."Forgotten" WHERE "At" < now() - interval '1 day';
END $$;

-- Up to where hours are materialised; what isn't is computed live. '-infinity' before the first refresh.
CREATE OR REPLACE FUNCTION fleet.materialised_until() RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT _timescaledb_functions.to_timestamp(_timescaledb_functions.cagg_watermark(mat_hypertable_id))
    FROM _timescaledb_catalog.continuous_agg
   WHERE user_view_schema = 'fleet' AND user_view_name = 'hourly_per_device'
$$;

-- TimescaleDB remembers of a transaction one range, from the oldest row it touched to the newest. So a single meter whose clock says 2001 makes
-- "all since 2001 has changed" of every push, and the policy would roll up all history of all customers every quarter of an hour. Hence,
-- once all history is materialised, the policy looks at the last days only. What changes before them is noted and refreshed day by day.
-- A run that broke off has left ranges below the watermark to the next one, which needs the beginning still.
CREATE OR REPLACE FUNCTION fleet.bound_policy() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  policy record;
BEGIN
  SELECT j.job_id, j.config, a.mat_hypertable_id INTO policy
    FROM timescaledb_information.jobs AS j
    JOIN _timescaledb_catalog.continuous_agg AS a ON a.mat_hypertable_id = (j.config ->> 'mat_hypertable_id')::integer
   WHERE j.proc_name = 'policy_refresh_continuous_aggregate' AND j.config ->> 'start_offset' IS NULL
     AND a.user_view_schema = 'fleet' AND a.user_view_name = 'hourly_per_device';
  IF NOT FOUND OR NOT isfinite(fleet.materialised_until()) THEN
    RETURN;
  END IF;

  -- Ranges that are left lie between chunks, where there is nothing to roll up.
  IF NOT EXISTS (
    SELECT FROM _timescaledb_catalog.continuous_aggs_materialization_invalidation_log AS l
      JOIN timescaledb_information.chunks AS c
        ON c.hypertable_schema = 'fleet' AND c.hypertable_name = 'PowerMeasurements'
       AND c.range_end > _timescaledb_functions.to_timestamp(greatest(l.lowest_modified_value, 0))
       AND c.range_start <= _timescaledb_functions.to_timestamp(greatest(l.greatest_modified_value, 0))
     WHERE l.materialization_id = policy.mat_hypertable_id
       AND l.lowest_modified_value < _timescaledb_functions.cagg_watermark(policy.mat_hypertable_id)) THEN
    PERFORM alter_job(policy.job_id, config => policy.config || '{"start_offset": "3 days"}');
  END IF;
EXCEPTION WHEN undefined_table OR undefined_column THEN
  NULL; -- another version's catalogue: the policy goes on looking at all history
END $$;

-- What a pass over the to-do list has to refresh, from the oldest notes: per UTC day the range of hours that are materialised already (null
-- where there is none), and the notes that are dealt with by it. There are no quarter hours here.
-- An aggregate is refreshed by time alone, for all customers at once, hence days. The refresh itself refuses a transaction, so the caller runs it.
CREATE OR REPLACE FUNCTION fleet.touched_days(most_days integer)
RETURNS TABLE (
  ids bigint[], oldest timestamptz, quarters_from timestamptz, quarters_to timestamptz, hours_from timestamptz, hours_to timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fleet.sweep_forgotten();
  PERFORM fleet.bound_policy();
  RETURN QUERY
  WITH days AS (
    SELECT array_agg("Id") AS notes, min("NotedAt") AS noted, date_trunc('hour', min("From"), 'UTC') AS start,
           date_trunc('hour', max("To") + interval '59 minutes', 'UTC') AS finish, fleet.materialised_until() AS until
      FROM (SELECT * FROM fleet."TouchedRanges" ORDER BY "Id" LIMIT 20000) AS first
     GROUP BY date_trunc('day', "From", 'UTC')
     ORDER BY min("Id")
     LIMIT most_days
  )
  SELECT notes, noted, NULL::timestamptz, NULL::timestamptz,
         CASE WHEN start < until THEN start END,
         CASE WHEN start < until THEN least(finish, until) END
    FROM days;
END $$;
