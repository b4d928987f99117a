-- The stack's side of the push to the fleet (docs/adr/0006).

-- Whether this stack pushes, and how it goes. One row: the push is on. None: it is off, and nothing is noted. Whoever writes measurements asks
-- for it in the statement that notes, so that all services agree; it is added and removed under the catalogue's lock, exclusive, so no writing
-- transaction is half before and half after.
CREATE TABLE monitoring."FleetPush" (
  "Only" boolean PRIMARY KEY DEFAULT true CHECK ("Only"),
  "SwitchedOnAt" timestamptz NOT NULL DEFAULT now(),
  "StoredNotedAt" timestamptz,       -- when all that was stored before was noted; null: that is still to be done
  "Catalogue" bytea,                 -- fingerprint of the sites and devices that were acknowledged last; null: none
  "LastSuccessAt" timestamptz,       -- when the fleet acknowledged anything last
  "Paused" boolean NOT NULL DEFAULT false,
  "LastError" text,                  -- null: the last attempt went well
  "LastErrorAt" timestamptz,
  "SetAside" integer NOT NULL DEFAULT 0,      -- batches that the fleet refused for good
  "RejectedRows" bigint NOT NULL DEFAULT 0    -- rows of accepted batches that it did not store
) WITH (fillfactor = 50); -- written anew at each push

-- What is still to be pushed. Rows are only ever added (by the transaction that writes measurements) and deleted by their own ids (by the
-- pusher, once the fleet has acknowledged all rows of exactly them), so a note whose transaction commits while a push is under way is not lost,
-- and rows of a note that was read before a crash are sent again.
-- Bound: one a device and writing transaction; from 100,000 on the pusher merges them into one a device and day.
CREATE TABLE monitoring."OutboxRanges" (
  "Id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- ascending in order of noting
  "DeviceId" integer NOT NULL,
  "First" timestamptz NOT NULL, -- time of the first row that was inserted or filled
  "Last" timestamptz NOT NULL,  -- time of the last one, inclusive; the same UTC day
  "Rows" integer NOT NULL,      -- how many were; an estimate of what is to be sent
  "NotedAt" timestamptz NOT NULL DEFAULT now(),
  "TraceParent" text            -- W3C trace context of the transaction that noted; null where there was none
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- Newest data first.
CREATE INDEX "IX_OutboxRanges_Last" ON monitoring."OutboxRanges" ("Last");

-- Serials whose device and measurements were deleted here and have to go from the fleet. Pushed before anything else. One whose serial has a
-- device again goes as soon as the fleet has acknowledged the deletion: not before, or the rows of the old device would stay there.
CREATE TABLE monitoring."DeviceTombstones" (
  "ExternalId" text PRIMARY KEY,
  "DeletedAt" timestamptz NOT NULL DEFAULT now(),
  "PushedAt" timestamptz -- when the fleet acknowledged it; null: it is still to be pushed
);

-- What the fleet refused: batches that were set aside, and rejected rows of batches that it took.
-- Bound: the newest 1,000; "FleetPush" has the counts of all.
CREATE TABLE monitoring."FleetPushRefusals" (
  "Id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "At" timestamptz NOT NULL DEFAULT now(),
  "BatchId" uuid NOT NULL,
  "BatchType" text NOT NULL,
  "Status" integer NOT NULL, -- of the answer; 200 where only some rows were rejected
  "Rows" integer NOT NULL,   -- set aside, or rejected
  "Reason" text NOT NULL,
  "Ranges" jsonb NOT NULL    -- [{"externalId", "first", "last"}] of a measurements batch that was set aside; the rows are still in the table
);
