-- Starts of the buckets from start on, before finish. A function of its own for its ROWS: a note is mostly one bucket, and the planner's
-- guess for generate_series (1000) makes it take every look at a view for an expensive one.
CREATE OR REPLACE FUNCTION {schema}.starts_within(start timestamptz, finish timestamptz, step interval)
RETURNS SETOF timestamptz LANGUAGE plpgsql STABLE ROWS 2 AS $$
BEGIN
  RETURN QUERY SELECT generate_series(start, finish - interval '1 microsecond', step);
END $$;
