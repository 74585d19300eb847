-- A dataset that points at something else than its one published release.
SELECT format('%s points at release %s, which is %s and of %s', d.name, r.id, r.state, r.dataset) AS broken
FROM bluebook.datasets d
JOIN bluebook.releases r ON r.id = d.published_release
WHERE r.state <> 'published' OR r.dataset <> d.name
UNION ALL
SELECT format('release %s of %s is published, but the dataset points elsewhere', r.id, r.dataset)
FROM bluebook.releases r
JOIN bluebook.datasets d ON d.name = r.dataset
WHERE r.state = 'published' AND d.published_release IS DISTINCT FROM r.id
UNION ALL
-- (A unique index says so too; a check is no place for trust.)
SELECT format('%s has %s published releases', dataset, count(*))
FROM bluebook.releases
WHERE state = 'published'
GROUP BY dataset
HAVING count(*) > 1
