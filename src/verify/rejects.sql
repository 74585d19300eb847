-- A release that counts other rejects than are kept.
SELECT format('release %s of %s counts %s rejects, and %s are kept', r.id, r.dataset, r.counts ->> 'rejected', count(j.id))
       AS broken
FROM bluebook.releases r
LEFT JOIN bluebook.rejects j ON j.release = r.id AND NOT j.pending
WHERE r.published_at IS NOT NULL AND r.counts IS NOT NULL
GROUP BY r.id
HAVING count(j.id) <> (r.counts ->> 'rejected')::bigint
