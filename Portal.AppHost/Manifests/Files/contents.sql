-- What a database holds, in lines that a restored one must say alike: rows of each table, and the delivery ledger's own digests of each UTC day.
-- A backup runs it in the snapshot of its dump. Partitions and chunks count with their table: a scan each, which the dump does too.
SELECT format($q$SELECT 'rows', %L, count(*) FROM %s$q$, c.oid::regclass, c.oid::regclass)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('portal', 'identity', 'monitoring', 'fleet') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
 ORDER BY c.oid::regclass::text COLLATE "C"
\gexec
SELECT $q$SELECT 'ledger', "Day", count(*), coalesce(sum("Rows"), 0), md5(string_agg(coalesce(encode("Hash", 'hex'), '-'), ',' ORDER BY "DeviceId"))
  FROM monitoring."LedgerDays" GROUP BY "Day" ORDER BY "Day" DESC LIMIT 400$q$
 WHERE to_regclass('monitoring."LedgerDays"') IS NOT NULL
\gexec
