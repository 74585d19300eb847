-- A run that began within another of its job. A run's last attempt is what its row tells.
SELECT format('%s: run %s began at %s, within run %s', a.job, b.id, b.started_at, a.id) AS broken
FROM bluebook.runs a
JOIN bluebook.runs b ON b.job = a.job AND b.id <> a.id
WHERE b.started_at > a.started_at AND b.started_at < a.finished_at
