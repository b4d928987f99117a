-- The stack's side of the delivery ledger (docs/adr/0006): what is stored of a device and a UTC day, and whether the fleet holds the same. Only the
-- pusher writes it: it marks days in the statement that deletes their acknowledged notes, so a day has either notes or a mark for whatever was
-- stored. A backup holds it as of the same moment as the measurements.
CREATE TABLE monitoring."LedgerDays" (
  "DeviceId" integer NOT NULL,
  "Day" date NOT NULL,
  "Changed" bigint NOT NULL, -- newest note of the day that was acknowledged
  "Hashed" bigint,           -- what "Changed" was when the day was hashed; another one: it has to be hashed again
  "Rows" integer,
  "First" timestamptz,
  "Last" timestamptz,
  "EnergyDeltaKwh" double precision, -- last known import register minus the first known one
  "Hash" bytea,              -- 32 bytes
  "ComparedAt" timestamptz,  -- null: not compared since it changed
  "ProvenAt" timestamptz,    -- when the fleet held the same
  "DiffersAt" timestamptz,   -- since when the two sides differ
  "Mends" smallint NOT NULL DEFAULT 0, -- how often it was mended since all days were compared last
  CONSTRAINT "PK_LedgerDays" PRIMARY KEY ("DeviceId", "Day")
) WITH (fillfactor = 70); -- today's rows are written anew at each push

CREATE INDEX "IX_LedgerDays_Day" ON monitoring."LedgerDays" ("Day");
CREATE INDEX "IX_LedgerDays_Changed" ON monitoring."LedgerDays" ("Day") WHERE "Hashed" IS NULL OR "Hashed" <> "Changed";
CREATE INDEX "IX_LedgerDays_NotCompared" ON monitoring."LedgerDays" ("Day") WHERE "ComparedAt" IS NULL;

ALTER TABLE monitoring."FleetPush" ADD COLUMN "LedgerAt" timestamptz; -- when the fleet compared last
