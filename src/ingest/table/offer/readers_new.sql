-- What the roles $1 lack to read the relations $3 in the schemas $2.
WITH relation AS (
    SELECT n.oid AS schema_oid, n.nspname, c.relname, c.relacl, c.relowner
    FROM unnest($2, $3) AS wanted (schema, name)
    JOIN pg_namespace n ON n.nspname = wanted.schema
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name AND c.relkind IN ('r', 'v')
), reader AS (
    SELECT oid, rolname FROM pg_roles WHERE rolname = ANY ($1)
)
SELECT DISTINCT rolname::text AS role, nspname::text AS schema, NULL::text AS name
FROM relation CROSS JOIN reader
WHERE NOT has_schema_privilege(reader.oid, schema_oid, 'USAGE')
UNION ALL
SELECT rolname::text, nspname::text, relname::text
FROM relation CROSS JOIN reader
WHERE relowner <> reader.oid
  AND NOT EXISTS (SELECT FROM aclexplode(relacl) a WHERE a.grantee = reader.oid AND a.privilege_type = 'SELECT')
