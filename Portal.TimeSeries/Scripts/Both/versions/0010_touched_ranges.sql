-- Which buckets of which device a transaction touched: the roll-ups' to-do list. Rows are only ever added (by the transaction that writes
-- measurements) and deleted by their own ids (by the pass that has dealt with exactly them), so that a note whose transaction commits
-- while a pass is under way is not lost.
-- A range lies within one UTC day, hence at most 96 quarter hours of work a note.
-- Bound: what is written within a pass or two, about a second's worth.
CREATE TABLE {schema}."TouchedRanges" (
  "Id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  {customer:"CustomerId" integer NOT NULL, }"DeviceId" integer NOT NULL,
  "From" timestamptz NOT NULL, -- inclusive, start of a quarter hour
  "To" timestamptz NOT NULL,   -- exclusive
  "NotedAt" timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- The readers' views ask for the notes of a device.
CREATE INDEX "IX_TouchedRanges_DeviceId" ON {schema}."TouchedRanges" ({customer:"CustomerId", }"DeviceId", "From");
