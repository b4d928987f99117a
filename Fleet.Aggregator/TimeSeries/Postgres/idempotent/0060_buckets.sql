-- The one definition of a bucket: what the raw rows of a device say about [start, finish). No row where there are none.
-- Plain SQL without settings of its own, so that the planner inlines it. The arrays get their order from the sorted subquery, which takes an
-- eighth of the time of ORDER BY within each aggregate.
CREATE OR REPLACE FUNCTION fleet.measured(customer integer, device integer, start timestamptz, finish timestamptz)
RETURNS SETOF fleet."HourlyRollUps" LANGUAGE sql STABLE AS $$
  SELECT
    customer,
    device,
    start,
    count(*),
    min("Time"),
    max("Time"),
    avg("ActivePowerKw"),
    min("ActivePowerKw"),
    max("ActivePowerKw"),
    count("ActivePowerKw"),
    (array_agg("EnergyImportKwh") FILTER (WHERE "EnergyImportKwh" IS NOT NULL))[1],
    min("Time") FILTER (WHERE "EnergyImportKwh" IS NOT NULL),
    (array_agg("EnergyImportKwh") FILTER (WHERE "EnergyImportKwh" IS NOT NULL))[count("EnergyImportKwh")],
    max("Time") FILTER (WHERE "EnergyImportKwh" IS NOT NULL),
    min("EnergyImportKwh"),
    max("EnergyImportKwh"),
    (array_agg("EnergyExportKwh") FILTER (WHERE "EnergyExportKwh" IS NOT NULL))[1],
    min("Time") FILTER (WHERE "EnergyExportKwh" IS NOT NULL),
    (array_agg("EnergyExportKwh") FILTER (WHERE "EnergyExportKwh" IS NOT NULL))[count("EnergyExportKwh")],
    max("Time") FILTER (WHERE "EnergyExportKwh" IS NOT NULL),
    min("EnergyExportKwh"),
    max("EnergyExportKwh")
  FROM (
    SELECT "Time", "ActivePowerKw", "EnergyImportKwh", "EnergyExportKwh"
      FROM fleet."PowerMeasurements"
     WHERE "CustomerId" = customer AND "DeviceId" = device AND "Time" >= start AND "Time" < finish
     ORDER BY "Time"
  ) AS ordered
  HAVING count(*) > 0
$$;
