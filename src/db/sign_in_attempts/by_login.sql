-- Counts one more attempt for this login unless it is blocked; the fifth failure in a day blocks it for 15 s, each
-- further one for twice as long, up to 15 min. Answers with the seconds still to wait, 0 if this attempt may go on. Of
-- two attempts at one moment, the one that lost does not see the other's block yet: it waits too.
WITH counted AS (
    INSERT INTO bluebook.sign_in_attempts AS a (key, failures) VALUES ($1, 1)
    ON CONFLICT (key) DO UPDATE SET
        failures = CASE WHEN a.since < now() - interval '1 day' THEN 1 ELSE a.failures + 1 END,
        since = now(),
        blocked_until = CASE
            WHEN a.since < now() - interval '1 day' OR a.failures < $2 THEN NULL
            ELSE now() + least(interval '15 min', interval '15 s' * 2 ^ least(a.failures - $2, 10))
        END
    WHERE a.blocked_until IS NULL OR a.blocked_until <= now()
    RETURNING 1
)
SELECT CASE WHEN EXISTS (SELECT FROM counted) THEN 0
    ELSE greatest(1, ceil(extract(epoch FROM
        (SELECT blocked_until FROM bluebook.sign_in_attempts WHERE key = $1) - now())))
END::bigint AS seconds
