-- The datasets whose history is written, with the columns that table and history share.
SELECT d.name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM bluebook.datasets d
JOIN pg_class t ON t.relkind = 'r' AND t.oid = to_regclass(format('data.%I', d.name))
JOIN pg_class h ON h.relkind = 'r' AND h.oid = to_regclass(format('data.%I', d.name || '_history'))
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_attribute b ON b.attrelid = h.oid AND b.attname = a.attname AND NOT b.attisdropped
WHERE d.history_since IS NOT NULL AND a.attname NOT IN ('_release', '_part', '_record')
GROUP BY d.name
ORDER BY d.name
