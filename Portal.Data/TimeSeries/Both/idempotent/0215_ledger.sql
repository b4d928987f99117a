-- The device-days of [from_day, to_day) of devices that there are: those of the ledger, and those that only have notes yet. settled: all that is
-- stored of it has been acknowledged and hashed, so that it can be compared; one that isn't is pending.
CREATE OR REPLACE FUNCTION monitoring.ledger_days(from_day date, to_day date)
RETURNS TABLE (
  device_id integer, external_id text, day date, changed bigint, rows integer, first timestamptz, last timestamptz, energy double precision,
  hash bytea, compared_at timestamptz, proven_at timestamptz, differs_at timestamptz, settled boolean)
LANGUAGE sql STABLE AS $$
  SELECT d."Id", d."ExternalId", s.day, s."Changed", s."Rows", s."First", s."Last", s."EnergyDeltaKwh", s."Hash", s."ComparedAt", s."ProvenAt", s."DiffersAt",
         s.noted IS NULL AND s."Hashed" IS NOT NULL AND s."Hashed" = s."Changed"
    FROM (
      SELECT coalesce(l."DeviceId", n."DeviceId") AS id, coalesce(l."Day", n.noted) AS day, l.*, n.noted
        FROM (SELECT * FROM monitoring."LedgerDays" WHERE "Day" >= from_day AND "Day" < to_day) AS l
        FULL JOIN (
          SELECT DISTINCT "DeviceId", ("First" AT TIME ZONE 'UTC')::date AS noted
            FROM monitoring."OutboxRanges"
           WHERE "First" >= from_day::timestamp AT TIME ZONE 'UTC' AND "First" < to_day::timestamp AT TIME ZONE 'UTC'
        ) AS n ON n."DeviceId" = l."DeviceId" AND n.noted = l."Day"
    ) AS s
    JOIN monitoring."Devices" AS d ON d."Id" = s.id
$$;
