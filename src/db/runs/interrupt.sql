-- Running runs whose lease has run out: waiting again, unless cancelled meanwhile or cut off $1 times.
-- A locked row is one that is being finished at this moment.
WITH expired AS (
    SELECT id, owner, step, cancel_requested_by,
        CASE WHEN cancel_requested_at IS NOT NULL THEN 'cancelled'
             WHEN interruptions + 1 >= $1 THEN 'failed'
             ELSE 'interrupted' END AS next
    FROM bluebook.runs
    WHERE state = 'running' AND lease_until < clock_timestamp()
    FOR UPDATE SKIP LOCKED
), touched AS (
    UPDATE bluebook.runs AS run
    SET state = expired.next,
        interruptions = run.interruptions + 1,
        owner = NULL,
        lease_until = NULL,
        not_before = clock_timestamp(),
        started_at = CASE expired.next WHEN 'interrupted' THEN NULL ELSE run.started_at END,
        reason = CASE expired.next WHEN 'cancelled' THEN 'cancelled by ' || expired.cancel_requested_by END,
        error = CASE expired.next
            WHEN 'failed' THEN format('It was cut off %s times, the last time %s. What it works on may be too '
                'much for this machine: look at memory and disk before it is started again.',
                run.interruptions + 1, coalesce('in step ' || expired.step, 'before its first step'))
            ELSE run.error END,
        finished_at = CASE expired.next WHEN 'interrupted' THEN NULL ELSE clock_timestamp() END
    FROM expired
    WHERE run.id = expired.id
    RETURNING run.id, run.job, run.state, run.attempt, expired.step, expired.owner, run.error, run.reason
), told AS (
    INSERT INTO bluebook.run_events (run, attempt, kind, step, message)
    SELECT id, attempt, CASE state WHEN 'interrupted' THEN 'interrupted' ELSE 'ended' END, step,
        CASE state
            WHEN 'interrupted' THEN format('%s was not heard of any more', owner)
            WHEN 'failed' THEN error
            ELSE reason END
    FROM touched
), given_up AS (
    UPDATE bluebook.releases AS release
    SET state = 'failed'
    FROM touched
    WHERE release.run = touched.id AND release.state = 'loading' AND touched.state <> 'interrupted'
)
SELECT id, job, state FROM touched
