-- The fleet's side of the delivery ledger (docs/adr/0006): what is stored of a device and a UTC day, and whether its stack holds the same. There is
-- a row for each device-day that has measurements, today's too.
-- Whoever changes a row here holds the customer's row, for the moment of the change.
CREATE TABLE fleet."LedgerDays" (
  "CustomerId" integer NOT NULL REFERENCES fleet."Customers" ("Id") ON DELETE CASCADE,
  "DeviceId" integer NOT NULL,
  "Day" date NOT NULL,
  -- What was stored when the day was hashed last.
  "Rows" integer,
  "First" timestamptz,
  "Last" timestamptz,
  "EnergyDeltaKwh" double precision, -- last known import register minus the first known one
  "Hash" bytea,           -- 32 bytes; null: measurements came since, so it has to be hashed again
  "Hashing" uuid,         -- whoever hashes it at the moment; null again when measurements come meanwhile, so that their hash is not kept
  "ProvenAt" timestamptz, -- when its stack held the same; null: not compared since it changed
  "DiffersAt" timestamptz, -- since when the two sides differ; null: they don't, as far as is known
  CONSTRAINT "PK_LedgerDays" PRIMARY KEY ("CustomerId", "DeviceId", "Day")
);

-- Open differences of all customers, for the dashboard.
CREATE INDEX "IX_LedgerDays_Open" ON fleet."LedgerDays" ("CustomerId") WHERE "DiffersAt" IS NOT NULL;
