-- The run of job $1 for the reason $2, of no schedule, that has waited longest and is nobody's: put into the queue and
-- never begun, or cut off.
SELECT id
FROM bluebook.runs
WHERE job = $1 AND trigger = $2 AND schedule IS NULL AND (state = 'interrupted' OR state = 'queued' AND attempt = 0)
ORDER BY id
LIMIT 1
