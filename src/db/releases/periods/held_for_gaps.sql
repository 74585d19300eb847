-- Releases of dataset $1 that are held for what their calendar misses, unless a run that waits or goes on is about them.
SELECT r.id
FROM bluebook.releases r
WHERE r.dataset = $1 AND r.state = 'held' AND r.findings @> '[{"check": "gaps", "level": "fail"}]'
  AND NOT EXISTS (SELECT FROM bluebook.runs u
                  WHERE u.finished_at IS NULL
                    AND u.trigger IN (jsonb_build_object('replay', r.id), jsonb_build_object('publish', r.id)))
ORDER BY r.id
