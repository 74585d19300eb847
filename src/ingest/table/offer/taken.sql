-- Names that an index of data.$1 cannot have: of everything in the schema but that table's own indexes.
SELECT c.relname::text AS name
FROM pg_class c
LEFT JOIN pg_index x ON x.indexrelid = c.oid
WHERE c.relnamespace = 'data'::regnamespace AND x.indrelid IS DISTINCT FROM to_regclass(format('data.%I', $1))
