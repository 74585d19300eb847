-- Part $2 of release $1: the file, and the newest answer of the publisher that brought it before the release.
SELECT r.state, r.published_at, r.run, r.decided_by, a.sha256, a.name, a.bytes, f.url, f.fetched_at,
       d.sha256 AS definition
FROM bluebook.releases r
JOIN bluebook.release_artifacts p ON p.release = r.id
JOIN bluebook.artifacts a ON a.id = p.artifact
LEFT JOIN bluebook.artifacts d ON d.id = r.definition_artifact
LEFT JOIN LATERAL (
    SELECT f.final_url AS url, f.fetched_at
    FROM bluebook.fetches f
    WHERE f.dataset = r.dataset AND f.artifact = a.id AND f.status = 200 AND f.fetched_at <= coalesce(r.published_at, now())
    ORDER BY f.id DESC
    LIMIT 1
) f ON true
WHERE r.id = $1 AND p.part = $2
