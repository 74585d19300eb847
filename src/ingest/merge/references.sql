-- The foreign keys that point at the dataset's table, each with its columns' meeting as a condition (r: referring).
SELECT f.conrelid::regclass::text AS "table",
       f.conname::text AS "constraint",
       (SELECT string_agg(format('r.%I = t.%I', a.attname, b.attname), ' AND ' ORDER BY k.place)
        FROM unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (here, there, place)
        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.here
        JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = k.there) AS meets
FROM pg_constraint f
WHERE f.contype = 'f' AND f.confrelid = format('data.%I', {name})::regclass
ORDER BY 1, 2
