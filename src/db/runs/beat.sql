-- Run $1 under epoch $2 is alive: its lease holds $3 seconds from now; $4 is how far it has come.
UPDATE bluebook.runs
SET lease_until = clock_timestamp() + make_interval(secs => $3),
    progress = coalesce($4, progress)
WHERE id = $1 AND epoch = $2 AND state = 'running'
RETURNING cancel_requested_by
