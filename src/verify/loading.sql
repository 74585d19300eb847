-- A release that is still loading although its run has ended.
SELECT format('release %s of %s is still loading, but run %s is %s', r.id, r.dataset, u.id, u.state) AS broken
FROM bluebook.releases r
JOIN bluebook.runs u ON u.id = r.run
WHERE r.state = 'loading' AND u.finished_at IS NOT NULL
