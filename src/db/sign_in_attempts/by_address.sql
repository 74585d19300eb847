-- Counts one more attempt from this address in the running minute. Answers with the seconds until the next minute if
-- there were too many, else 0.
INSERT INTO bluebook.sign_in_attempts AS a (key, failures) VALUES ($1, 1)
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN a.since < now() - interval '1 min' THEN 1 ELSE a.failures + 1 END,
    since = CASE WHEN a.since < now() - interval '1 min' THEN now() ELSE a.since END
RETURNING CASE WHEN failures > $2
    THEN greatest(1, ceil(60 - extract(epoch FROM now() - since)))
    ELSE 0
END::bigint AS seconds
