-- Note $3 for run $1 under epoch $2.
INSERT INTO bluebook.run_events (run, attempt, kind, step, message)
SELECT id, attempt, 'note', step, $3
FROM bluebook.runs
WHERE id = $1 AND epoch = $2 AND state = 'running'
