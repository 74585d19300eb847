-- Takes at most $3 notices that are due for one of the channels $1, and keeps others off them for $2 seconds.
WITH due AS (
    SELECT id
    FROM bluebook.notices
    WHERE state = 'pending' AND not_before <= clock_timestamp() AND channel = ANY ($1)
    ORDER BY not_before, id
    LIMIT $3
    FOR UPDATE SKIP LOCKED
)
UPDATE bluebook.notices AS notice
SET attempts = notice.attempts + 1,
    not_before = clock_timestamp() + make_interval(secs => $2)
FROM due
WHERE notice.id = due.id
RETURNING notice.id, notice.change, notice.channel, notice.attempts
