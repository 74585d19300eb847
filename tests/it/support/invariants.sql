-- One row for each thing that must never be so.

-- Every row that the publisher wrote is accounted for.
SELECT format('I3 release %s: %s', id, counts) AS broken
FROM bluebook.releases
WHERE published_at IS NOT NULL
  AND (counts IS NULL OR (counts ->> 'rows')::bigint IS DISTINCT FROM
       (counts ->> 'inserted')::bigint + (counts ->> 'changed')::bigint + (counts ->> 'unchanged')::bigint
       + (counts ->> 'rejected')::bigint + (counts ->> 'duplicates')::bigint)
UNION ALL
-- What the counts call a reject is kept.
SELECT format('I3 release %s counts %s rejects, %s are kept', r.id, r.counts ->> 'rejected', count(j.id))
FROM bluebook.releases r LEFT JOIN bluebook.rejects j ON j.release = r.id
WHERE r.published_at IS NOT NULL AND r.counts IS NOT NULL
GROUP BY r.id HAVING count(j.id) <> (r.counts ->> 'rejected')::bigint
UNION ALL
-- The dataset points at its published release, and only at that.
SELECT format('dataset %s points at release %s, which is %s', d.name, r.id, r.state)
FROM bluebook.datasets d JOIN bluebook.releases r ON r.id = d.published_release
WHERE r.state <> 'published' OR r.dataset <> d.name
UNION ALL
SELECT format('release %s of %s is published, but the dataset points elsewhere', r.id, r.dataset)
FROM bluebook.releases r JOIN bluebook.datasets d ON d.name = r.dataset
WHERE r.state = 'published' AND d.published_release IS DISTINCT FROM r.id
UNION ALL
-- A table of a dataset has a key, or rows may come twice.
SELECT format('I2 %s has no key', c.oid::regclass)
FROM pg_class c
WHERE c.relnamespace = 'data'::regnamespace AND c.relkind = 'r'
  AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid)
UNION ALL
-- One edition and one good end for a slot. (The unique constraint says so too; a test is no place for trust.)
SELECT format('I5 %s ended well %s times for %s', schedule, count(*), slot)
FROM bluebook.runs WHERE slot IS NOT NULL AND state = 'succeeded' GROUP BY schedule, slot HAVING count(*) > 1
UNION ALL
-- A job never overlaps itself. A run's last attempt is what its row tells.
SELECT format('I6 %s: run %s began at %s, within run %s', a.job, b.id, b.started_at, a.id)
FROM bluebook.runs a JOIN bluebook.runs b ON b.job = a.job AND b.id <> a.id
WHERE b.started_at > a.started_at AND b.started_at < a.finished_at
UNION ALL
SELECT format('I7 run %s is running, but its lease ended at %s', id, lease_until)
FROM bluebook.runs WHERE state = 'running' AND lease_until < now() - interval '10 seconds'
UNION ALL
-- A stage belongs to a run that goes on or to a held release.
SELECT format('I8 %s is a stage of nobody', c.oid::regclass)
FROM pg_class c
WHERE c.relnamespace = 'stage'::regnamespace AND c.relkind = 'r'
  AND NOT EXISTS (SELECT FROM bluebook.releases r LEFT JOIN bluebook.runs u ON u.id = r.run
                  WHERE r.stage IN (c.relname, 'stage.' || c.relname, c.oid::regclass::text)
                    AND (r.state = 'held' OR u.state IN ('queued', 'running', 'interrupted')))
UNION ALL
SELECT format('I9 delivery %s is %s after %s attempts', id, state, attempts)
FROM bluebook.deliveries WHERE state = 'delivered' AND delivered_at IS NULL
UNION ALL
-- Ended is ended.
SELECT format('release %s is still loading, but run %s is %s', r.id, u.id, u.state)
FROM bluebook.releases r JOIN bluebook.runs u ON u.id = r.run
WHERE r.state = 'loading' AND u.finished_at IS NOT NULL
UNION ALL
-- The audit's chain has all its links.
SELECT format('I11 audit line %s does not follow the one before', id)
FROM (SELECT id, previous, lag(hash, 1, '\x') OVER chain AS before, lag(id, 1, 0::bigint) OVER chain AS above
      FROM bluebook.audit WINDOW chain AS (ORDER BY id)) links
WHERE previous <> before OR id <> above + 1
UNION ALL
-- A condition says what the last end made of the job.
SELECT format('%s is said to be %s, but release %s of it is held', c.job, c.condition, r.id)
FROM bluebook.conditions c JOIN bluebook.releases r ON c.job = 'ingest:' || r.dataset
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
-- Each change begins where the one before it ended.
SELECT format('change %s of %s goes from %s, but %s was before it', id, job, before, earlier)
FROM (SELECT id, job, before, lag(after) OVER (PARTITION BY job ORDER BY id) AS earlier
      FROM bluebook.changes) changes
WHERE before <> earlier
