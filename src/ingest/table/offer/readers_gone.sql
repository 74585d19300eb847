-- What the roles $1 were given to read the relations $3 in the schemas $2. USAGE of the schema harms nobody and stays:
-- other datasets may stand on it.
SELECT reader.rolname::text AS role, n.nspname::text AS schema, c.relname::text AS name
FROM unnest($2, $3) AS wanted (schema, name)
JOIN pg_namespace n ON n.nspname = wanted.schema
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name AND c.relkind IN ('r', 'v')
CROSS JOIN LATERAL aclexplode(c.relacl) AS acl
JOIN pg_roles reader ON reader.oid = acl.grantee
WHERE acl.privilege_type = 'SELECT' AND reader.rolname = ANY ($1) AND c.relowner <> reader.oid
