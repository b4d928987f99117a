-- Each push writes rows of these anew, and nothing of them that is indexed: with half of the page free those are HOT updates, which leave no dead
-- index entries behind.
ALTER TABLE fleet."Customers" SET (fillfactor = 50);
ALTER TABLE fleet."Devices" SET (fillfactor = 50);
