-- Run $1 under epoch $2 ends in state $3 with outcome $4, error $5, reason $6; or waits again ('queued') for $7 seconds.
-- The event is of kind $8 and says $9. Within it, $10 more attempts were made. No row: the claim no longer holds.
WITH held AS (
    SELECT id, step, cancel_requested_by,
        $3 = 'queued' AND cancel_requested_at IS NOT NULL AS withdrawn
    FROM bluebook.runs
    WHERE id = $1 AND epoch = $2 AND state = 'running'
    FOR UPDATE
), ended AS (
    UPDATE bluebook.runs AS run
    SET state = CASE WHEN withdrawn THEN 'cancelled' ELSE $3 END,
        outcome = $4,
        -- What an earlier attempt died of is of no interest once a later one ended well; a run handed back keeps it.
        error = CASE WHEN $3 = 'queued' THEN coalesce($5, run.error) ELSE $5 END,
        reason = CASE WHEN withdrawn THEN 'cancelled by ' || held.cancel_requested_by ELSE $6 END,
        not_before = CASE WHEN $3 = 'queued' THEN clock_timestamp() + make_interval(secs => $7) ELSE run.not_before END,
        -- A run that is back untouched by failure has not used up an attempt.
        attempt = CASE WHEN $3 = 'queued' AND $8 = 'note' AND NOT withdrawn THEN run.attempt - 1
            ELSE run.attempt + $10 END,
        owner = NULL,
        lease_until = NULL,
        -- Who waits is at work on nothing.
        started_at = CASE WHEN $3 = 'queued' AND NOT withdrawn THEN NULL ELSE run.started_at END,
        finished_at = CASE WHEN $3 = 'queued' AND NOT withdrawn THEN NULL ELSE clock_timestamp() END
    FROM held
    WHERE run.id = held.id
    RETURNING run.id, run.state, run.reason, held.step, held.withdrawn
), again AS (
    -- Who finds a host busy once more has said so already: it was the last that was said.
    SELECT (SELECT max(id) FROM bluebook.run_events WHERE run = ended.id) AS newest
    FROM ended
    WHERE $8 = 'note' AND $7 > 0 AND NOT withdrawn AND $9 = (
        SELECT message
        FROM bluebook.run_events
        WHERE run = ended.id AND kind <> 'step'
        ORDER BY id DESC
        LIMIT 1
    )
), told AS (
    INSERT INTO bluebook.run_events (run, attempt, kind, step, message)
    SELECT ended.id, run.attempt, CASE WHEN withdrawn THEN 'ended' ELSE $8 END, ended.step,
        CASE WHEN withdrawn THEN ended.reason ELSE $9 END
    FROM ended JOIN bluebook.runs AS run USING (id)
    WHERE NOT EXISTS (SELECT FROM again)
), untold AS (
    -- Nor is it told of each look that it has entered the step.
    DELETE FROM bluebook.run_events AS event
    USING again
    WHERE event.id = again.newest AND event.kind = 'step'
), given_up AS (
    -- What the run left on its way ends with it.
    UPDATE bluebook.releases AS release
    SET state = 'failed'
    FROM ended
    WHERE release.run = ended.id AND release.state = 'loading' AND ended.state <> 'queued'
)
SELECT id FROM ended
