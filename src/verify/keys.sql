-- A table of one of the datasets $1, which all have a key, without a valid unique index.
SELECT format('%s has no valid key', c.oid::regclass) AS broken
FROM pg_class c
WHERE c.relnamespace = 'data'::regnamespace AND c.relkind = 'r' AND c.relname = ANY ($1)
  AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid)
