-- One notice for each channel in $1 of each change that nobody was told of; changes older than $2 seconds are news to
-- nobody. A locked row is one that another daemon is addressing at this moment.
WITH new AS (
    SELECT id, at > clock_timestamp() - make_interval(secs => $2) AS fresh
    FROM bluebook.changes
    WHERE addressed_at IS NULL
    ORDER BY id
    FOR UPDATE SKIP LOCKED
), made AS (
    INSERT INTO bluebook.notices (change, channel)
    SELECT new.id, channel
    FROM new CROSS JOIN unnest($1) WITH ORDINALITY AS channels (channel, place)
    WHERE new.fresh
    ORDER BY new.id, place
    ON CONFLICT DO NOTHING
)
UPDATE bluebook.changes AS change
SET addressed_at = clock_timestamp()
FROM new
WHERE change.id = new.id
