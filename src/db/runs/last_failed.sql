-- Of each job in $1 the last run that came to an end by itself, where that end was a failure.
SELECT last.id
FROM unnest($1) AS wanted (job)
CROSS JOIN LATERAL (
    SELECT r.id, r.state
    FROM bluebook.runs AS r
    WHERE r.job = wanted.job AND r.state IN ('succeeded', 'held', 'failed')
    ORDER BY r.id DESC
    LIMIT 1
) AS last
WHERE last.state = 'failed'
