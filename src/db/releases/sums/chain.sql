-- The releases of dataset $1 that were published, the newest first: what its table was made by.
SELECT r.id AS release,
       a.sha256 AS definition,
       coalesce((r.counts ->> 'kept')::bigint, 0) AS kept,
       EXISTS (SELECT FROM bluebook.release_artifacts s WHERE s.release = r.id AND s.step > 0) AS sum
FROM bluebook.releases r
LEFT JOIN bluebook.artifacts a ON a.id = r.definition_artifact
WHERE r.dataset = $1 AND r.published_at IS NOT NULL
ORDER BY r.published_at DESC
