-- What the named datasets have published, as an edition prints it.
SELECT d.name, r.id AS release, r.base IS NULL AS first, r.fetched_at, r.published_at, d.checked_at,
       (r.counts ->> 'rows')::bigint AS rows, (r.counts ->> 'rejected')::bigint AS rejected,
       (SELECT h.id FROM bluebook.releases h
        WHERE h.dataset = d.name AND h.state = 'held' AND h.id > r.id ORDER BY h.id DESC LIMIT 1) AS held
FROM bluebook.datasets d
JOIN bluebook.releases r ON r.id = d.published_release
WHERE d.name = ANY ($1)
ORDER BY d.name
