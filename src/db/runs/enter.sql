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
    -- Who gave way to others and comes back enters the same step of the same attempt: that is told once.
    WHERE cancel_requested_by IS NULL AND (
        SELECT kind = 'step' AND step = $4 AND before.attempt = entered.attempt
        FROM bluebook.run_events AS before
        WHERE run = entered.id
        ORDER BY before.id DESC
        LIMIT 1
    ) IS NOT TRUE
)
SELECT cancel_requested_by FROM entered
