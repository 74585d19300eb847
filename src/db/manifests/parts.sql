-- The files of release $1 in order, each with the newest answer of the publisher that brought it before the release.
SELECT a.sha256, a.bytes, a.name, p.step, CASE WHEN p.step > 0 THEN p.period END AS period,
       f.url, f.fetched_at
FROM bluebook.release_artifacts p
JOIN bluebook.releases r ON r.id = p.release
JOIN bluebook.artifacts a ON a.id = p.artifact
LEFT JOIN LATERAL (
    SELECT f.final_url AS url, f.fetched_at
    FROM bluebook.fetches f
    WHERE f.dataset = r.dataset AND f.artifact = a.id AND f.status = 200 AND f.fetched_at <= r.published_at
    ORDER BY f.id DESC
    LIMIT 1
) f ON true
WHERE p.release = $1
ORDER BY p.part
