-- Rows of data.$1 whose release was not published, or is not of dataset $2.
SELECT format('data.%s holds %s rows of release %s, which is %s', $1, t.rows, t._release,
              coalesce(r.state || ' and was never published', 'no release of it')) AS broken
FROM (SELECT _release, count(*) AS rows FROM {table} GROUP BY _release) t
LEFT JOIN bluebook.releases r ON r.id = t._release AND r.dataset = $2
WHERE r.published_at IS NULL
