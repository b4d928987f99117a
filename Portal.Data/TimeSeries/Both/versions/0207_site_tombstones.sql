-- Sites that were deleted here and have to go from the fleet. Pushed after devices, so that those that were moved to another site have it there
-- by then. A key is never given to another site; one that is made again under its own key, as it was lost with an older backup, is none of these.
CREATE TABLE monitoring."SiteTombstones" (
  "Id" uuid PRIMARY KEY,
  "DeletedAt" timestamptz NOT NULL DEFAULT now(),
  "PushedAt" timestamptz -- when the fleet acknowledged it; null: it is still to be pushed
);
