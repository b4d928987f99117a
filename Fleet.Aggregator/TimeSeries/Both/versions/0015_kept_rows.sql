-- From when on raw rows are kept; null: all of them. It only ever moves on. What lies before it is rolled up for good: no row before it is
-- written, none is rolled up again, and whole months of raw rows are dropped.
CREATE TABLE fleet."KeptRows" (
  "From" timestamptz, -- start of a month (UTC)
  "Only" boolean PRIMARY KEY DEFAULT TRUE CHECK ("Only")
);
INSERT INTO fleet."KeptRows" DEFAULT VALUES;

CREATE FUNCTION fleet.kept_from() RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT "From" FROM fleet."KeptRows"
$$;
