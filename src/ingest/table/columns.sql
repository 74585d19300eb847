-- The columns of data.$1, in order, with their types as CREATE TABLE spells them; none if there is no such table.
SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS kind, a.attnotnull AS required
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'data' AND c.relname = $1 AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
