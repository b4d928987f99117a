-- A plain DELETE of a customer takes with it what no foreign key reaches: keys from measurements would be looked up for every row that is
-- copied. Whoever writes rows of a customer holds its row FOR NO KEY UPDATE, so the DELETE waits for writers under way, and later ones find no customer.
-- Tables keyed by "CustomerId" that have no foreign key either join in here.
CREATE OR REPLACE FUNCTION fleet.forget_customer() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fleet.forget_measurements(OLD."Id");
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER forget_customer AFTER DELETE ON fleet."Customers" FOR EACH ROW EXECUTE FUNCTION fleet.forget_customer();
