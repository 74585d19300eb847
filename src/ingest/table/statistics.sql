-- Whether the statistics of table $1 are to be gathered now: it is small, was never counted, or nobody else will.
SELECT reltuples < 100000 OR current_setting('autovacuum') = 'off' AS wanted
FROM pg_class
WHERE oid = to_regclass($1)
