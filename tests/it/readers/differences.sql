-- Each cell in which the table and the other reader's rows differ: key, column, and both values ("none" without a row).
-- Rows that are the same as often here and there cancel out; what is left is paired by its key.
WITH ours AS (SELECT {columns} FROM data.{table}),
theirs AS (SELECT {columns} FROM lines, jsonb_populate_record(NULL::typed, line)),
sides AS (
    SELECT 'here' AS side, to_jsonb(d) AS row FROM (TABLE ours EXCEPT ALL TABLE theirs) d
    UNION ALL
    SELECT 'there', to_jsonb(d) FROM (TABLE theirs EXCEPT ALL TABLE ours) d
),
keyed AS (
    SELECT side, row, (SELECT jsonb_agg(row -> name ORDER BY at) FROM unnest('{key}'::text[]) WITH ORDINALITY k (name, at)) AS key
    FROM sides
)
SELECT coalesce(key::text, '[]'), attname, coalesce((here.row -> attname::text)::text, '"none"'),
    coalesce((there.row -> attname::text)::text, '"none"')
FROM (SELECT * FROM keyed WHERE side = 'here') here
FULL JOIN (SELECT * FROM keyed WHERE side = 'there') there USING (key)
JOIN pg_attribute ON attrelid = 'typed'::regclass AND attnum > 0
WHERE here.row -> attname::text IS DISTINCT FROM there.row -> attname::text
ORDER BY 1, 2
LIMIT 100
