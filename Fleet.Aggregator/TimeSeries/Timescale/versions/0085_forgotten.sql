-- What was deleted lately. A refresh that was under way meanwhile has read the rows before and writes their hours after; see sweep_forgotten.
CREATE TABLE fleet."Forgotten" (
  "Id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "CustomerId" integer NOT NULL,
  "DeviceId" integer, -- null: all of the customer's
  "At" timestamptz NOT NULL DEFAULT now(),
  "SweptAt" timestamptz NOT NULL DEFAULT now()
);
