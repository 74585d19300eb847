-- The files that dataset $1 fetched last, or by run $2, in the order of the release's parts. A walk's answers are
-- written in one transaction, at one moment.
WITH walk AS (
    SELECT f.run, f.fetched_at
    FROM bluebook.fetches f
    WHERE f.dataset = $1 AND f.part IS NOT NULL AND f.artifact IS NOT NULL AND ($2 IS NULL OR f.run = $2)
    ORDER BY f.id DESC
    LIMIT 1
)
SELECT f.run, f.url, f.final_url, f.content_type, f.fetched_at, a.id, a.sha256, a.bytes, a.name,
       r.trigger, r.slot, r.queued_at
FROM walk
JOIN bluebook.fetches f ON f.dataset = $1 AND f.run = walk.run AND f.fetched_at = walk.fetched_at
    AND f.part IS NOT NULL
JOIN bluebook.artifacts a ON a.id = f.artifact
JOIN bluebook.runs r ON r.id = f.run
ORDER BY f.part
