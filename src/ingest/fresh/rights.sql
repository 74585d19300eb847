-- The statements that give again what data.$1 and the views upon it have been opened to. Grants of single columns are
-- not among them: a table that has some is not bare.
WITH relation AS (
    SELECT to_regclass(format('data.%I', $1))::oid AS oid
    UNION
    SELECT r.ev_class
    FROM pg_depend d
    JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass(format('data.%I', $1))
)
SELECT format('GRANT %s ON %s TO %s%s', acl.privilege_type, c.oid::regclass,
              CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE acl.grantee::regrole::text END,
              CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS statement
FROM relation
JOIN pg_class c USING (oid)
CROSS JOIN LATERAL aclexplode(c.relacl) AS acl
WHERE acl.grantee <> c.relowner
ORDER BY 1
