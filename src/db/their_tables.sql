-- Tables of these names ($1) in public, unless our own migrations ($2) have made them.
SELECT c.relname::text AS name
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public'
  AND c.relname = ANY ($1)
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT EXISTS (SELECT FROM bluebook.__diesel_schema_migrations m WHERE m.version = ANY ($2))
ORDER BY c.relname
