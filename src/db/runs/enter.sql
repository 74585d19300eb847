-- Run $1 under epoch $2 enters step $4; its lease holds $3 seconds from now.
WITH entered AS (
    UPDATE bluebook.runs
    SET lease_until = clock_timestamp() + make_interval(secs => $3),
        step = $4
    WHERE id = $1 AND epoch = $2 AND state = 'running'
    RETURNING id, attempt, cancel_requested_by
), told AS (
    INSERT INTO bluebook.run_events (run, attempt, kind, step, message)
    SELECT id, attempt, 'step', $4, $4
    FROM entered
    WHERE cancel_requested_by IS NULL
)
SELECT cancel_requested_by FROM entered
