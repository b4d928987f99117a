-- UTC days whose rows were laid together by device, and how far that is on the day under way. Without a row: not begun.
-- Bound: one a day since the oldest row. They stay when a month is dropped: there is nothing left to be laid together.
CREATE TABLE monitoring."GatheredDays" (
  "Day" date PRIMARY KEY,
  "LastDevice" integer NOT NULL DEFAULT 0, -- devices up to this one are done
  "Rows" bigint NOT NULL DEFAULT 0,        -- moved so far
  "DoneAt" timestamptz                     -- null: it is under way
);
