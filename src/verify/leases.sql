-- A run whose holder has not been heard of, and that nobody took.
SELECT format('run %s is running, but its lease ended at %s', id, lease_until) AS broken
FROM bluebook.runs
WHERE state = 'running' AND lease_until < now() - interval '10 seconds'
