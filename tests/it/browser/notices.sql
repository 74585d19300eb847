-- A change of which some were told and some were not.
WITH change AS (
    INSERT INTO bluebook.changes (job, title, before, after, since, run, release, facts)
    SELECT 'ingest:things', 'Things', 'good', 'held', now(), run, id, '{}' FROM bluebook.releases LIMIT 1
    RETURNING id
)
INSERT INTO bluebook.notices (change, channel, state, attempts, sent_at, error)
SELECT id, channel, state, 1, sent_at, error
FROM change, (VALUES
    ('mailto:operations@example.org', 'sent', now(), NULL),
    ('https://hooks.example.org #0a1b2c3d', 'pending', NULL, 'the server answered 503'),
    ('command:/usr/local/bin/tell-everybody-about-it', 'dead', NULL, 'it ended with exit status: 1')
) AS told (channel, state, sent_at, error)
