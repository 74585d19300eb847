-- Run $1 is cancelled by $2: at once if it waits, else by asking the worker that holds it.
WITH touched AS (
    UPDATE bluebook.runs
    SET state = CASE state WHEN 'running' THEN 'running' ELSE 'cancelled' END,
        reason = CASE state WHEN 'running' THEN reason ELSE 'cancelled by ' || $2 END,
        finished_at = CASE state WHEN 'running' THEN NULL ELSE clock_timestamp() END,
        cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp()),
        cancel_requested_by = coalesce(cancel_requested_by, $2)
    WHERE id = $1 AND state IN ('queued', 'running', 'interrupted')
    RETURNING id, attempt, state
), told AS (
    INSERT INTO bluebook.run_events (run, attempt, kind, message)
    SELECT id, attempt, CASE state WHEN 'running' THEN 'note' ELSE 'ended' END,
        CASE state WHEN 'running' THEN $2 || ' asked to cancel' ELSE 'cancelled by ' || $2 END
    FROM touched
), given_up AS (
    UPDATE bluebook.releases AS release
    SET state = 'failed'
    FROM touched
    WHERE release.run = touched.id AND release.state = 'loading' AND touched.state = 'cancelled'
)
SELECT state FROM touched
