-- The views whose comment begins with $2: those that show data.$1 under an older name.
SELECT n.nspname::text AS schema,
       c.relname::text AS name,
       d.description AS comment,
       EXISTS (SELECT FROM pg_rewrite r
               JOIN pg_depend p ON p.classid = 'pg_rewrite'::regclass AND p.objid = r.oid
               WHERE r.ev_class = c.oid AND p.refclassid = 'pg_class'::regclass
                 AND p.refobjid = to_regclass(format('data.%I', $1))) AS current
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.relkind = 'v' AND (d.description = $2 OR starts_with(d.description, $2 || ' ('))
ORDER BY 1, 2
