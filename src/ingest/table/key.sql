-- The primary key's columns of data.$1, in the key's order; empty if it has none.
SELECT coalesce(array_agg(a.attname::text ORDER BY k.place), '{}') AS key
FROM pg_constraint p
CROSS JOIN LATERAL unnest(p.conkey) WITH ORDINALITY AS k (attnum, place)
JOIN pg_attribute a ON a.attrelid = p.conrelid AND a.attnum = k.attnum
WHERE p.contype = 'p' AND p.conrelid = to_regclass(format('data.%I', $1))
