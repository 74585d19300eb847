-- The indexes of data.$1 that carry our comment $2, with their columns in order.
SELECT i.relname::text AS name,
       (SELECT coalesce(array_agg(a.attname::text ORDER BY k.place), '{}')
        FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum) AS columns
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
WHERE x.indrelid = to_regclass(format('data.%I', $1)) AND obj_description(i.oid, 'pg_class') = $2
ORDER BY i.relname
