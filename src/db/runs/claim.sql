-- $1 takes the run that has waited longest (or run $2) under a new epoch and a lease of $3 seconds by this server's clock.
WITH next AS (
    SELECT id
    FROM bluebook.runs AS waiting
    WHERE state IN ('queued', 'interrupted')
      AND (id = $2 OR ($2 IS NULL AND not_before <= clock_timestamp()))
      AND NOT EXISTS (SELECT FROM bluebook.runs AS other WHERE other.job = waiting.job AND other.state = 'running')
    ORDER BY not_before, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
UPDATE bluebook.runs AS run
SET state = 'running',
    owner = $1,
    lease_until = clock_timestamp() + make_interval(secs => $3),
    epoch = run.epoch + 1,
    attempt = run.attempt + 1,
    started_at = clock_timestamp(),
    step = NULL,
    progress = NULL
FROM next
WHERE run.id = next.id
RETURNING run.id, run.job, run.trigger, run.schedule, run.slot, run.requested_by, run.attempt, run.interruptions,
    run.epoch,
    -- Put into the queue by this very transaction.
    run.queued_at = now() AS at_once
