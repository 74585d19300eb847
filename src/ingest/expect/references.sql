-- Rows of the release that refer to nothing, and the first of what they refer to.
WITH missing AS (
    SELECT concat_ws(', ', {columns}) AS refers
    FROM pg_temp.release r
    WHERE {present} AND NOT EXISTS (SELECT FROM {table} o WHERE {meets})
)
SELECT jsonb_build_object(
           'rows', (SELECT count(*) FROM missing),
           'samples', coalesce((SELECT jsonb_agg(refers) FROM (SELECT DISTINCT refers FROM missing ORDER BY refers LIMIT 5) AS s), '[]')
       ) AS answer
