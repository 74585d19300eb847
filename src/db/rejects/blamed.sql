-- Rejects of a release ($1) by the column that is to blame, with up to 100 of the values that it had.
SELECT column_name AS "column",
       count(*) AS rejects,
       (coalesce(array_agg(DISTINCT value) FILTER (WHERE value IS NOT NULL), '{}'))[:100] AS "values"
FROM bluebook.rejects
WHERE release = $1 AND NOT pending AND column_name IS NOT NULL
GROUP BY column_name
ORDER BY rejects DESC, column_name
