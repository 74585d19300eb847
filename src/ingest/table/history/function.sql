-- The function data.$1(timestamptz): the names and types of what goes in and comes out, and its body.
SELECT p.proargnames AS names,
       (SELECT array_agg(format_type(a.kind, NULL) ORDER BY a.place)
        FROM unnest(p.proallargtypes) WITH ORDINALITY AS a (kind, place)) AS kinds,
       p.prosrc AS body
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'data' AND p.proname = $1 AND p.pronargs = 1 AND p.proargtypes[0] = 'timestamptz'::regtype
