-- The files of each release of dataset $1, in the order in which they were published. A sum says nothing of its own.
SELECT r.id AS release, r.period, a.id, a.sha256, a.bytes, a.name
FROM bluebook.releases r
JOIN bluebook.release_artifacts p ON p.release = r.id
JOIN bluebook.artifacts a ON a.id = p.artifact
WHERE r.dataset = $1 AND r.published_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM bluebook.release_artifacts s WHERE s.release = r.id AND s.step > 0)
ORDER BY r.published_at, p.part
