-- Release $1 becomes the published one at $5; it must still be on its way or held.
WITH published AS (
    UPDATE bluebook.releases
    SET state = 'published', base = $2, counts = $3, findings = $4, published_at = $5, stage = NULL
    WHERE id = $1 AND state IN ('loading', 'held')
    RETURNING id, dataset, counts
)
UPDATE bluebook.datasets d
SET published_release = p.id,
    changed_at = CASE
        WHEN (p.counts ->> 'inserted')::bigint + (p.counts ->> 'changed')::bigint + (p.counts ->> 'removed')::bigint > 0
        THEN $5
        ELSE d.changed_at
    END
FROM published p
WHERE d.name = p.dataset
