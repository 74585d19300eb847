-- A condition that is not what the last end made of its job.
SELECT format('%s is said to be %s, but release %s of it is held', c.job, c.condition, r.id) AS broken
FROM bluebook.conditions c
JOIN bluebook.releases r ON c.job = 'ingest:' || r.dataset
WHERE r.state = 'held' AND c.condition = 'good'
UNION ALL
SELECT format('%s is said to be held, but no release of it is', c.job)
FROM bluebook.conditions c
WHERE c.condition = 'held'
  AND NOT EXISTS (SELECT FROM bluebook.releases r WHERE c.job = 'ingest:' || r.dataset AND r.state = 'held')
UNION ALL
SELECT format('%s is said to be %s, but its last run, %s, %s', c.job, c.condition, r.id, r.state)
FROM bluebook.conditions c
CROSS JOIN LATERAL (SELECT id, state FROM bluebook.runs WHERE job = c.job AND state IN ('succeeded', 'held', 'failed')
                    ORDER BY finished_at DESC LIMIT 1) r
WHERE (r.state = 'failed') <> (c.condition = 'failing')
UNION ALL
SELECT format('change %s of %s goes from %s, but %s was before it', id, job, before, earlier)
FROM (SELECT id, job, before, lag(after) OVER (PARTITION BY job ORDER BY id) AS earlier
      FROM bluebook.changes) changes
WHERE before <> earlier
