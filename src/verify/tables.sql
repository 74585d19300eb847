-- The datasets' tables that are there, and their histories.
SELECT c.relname::text AS name, d.name AS dataset
FROM bluebook.datasets d
JOIN pg_class c ON c.oid IN (to_regclass(format('data.%I', d.name)), to_regclass(format('data.%I', d.name || '_history')))
WHERE c.relkind = 'r'
ORDER BY 1
