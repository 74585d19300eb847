-- A stage that belongs neither to a run that goes on (the first of the two numbers at the end of its name) nor to a held
-- release.
SELECT format('%s is a stage of nobody', c.oid::regclass) AS broken
FROM pg_class c
WHERE c.relnamespace = 'stage'::regnamespace AND c.relkind = 'r'
  AND NOT EXISTS (SELECT FROM bluebook.releases r
                  WHERE r.state = 'held' AND r.stage IN (c.relname, 'stage.' || c.relname, c.oid::regclass::text))
  AND NOT EXISTS (SELECT FROM bluebook.runs u
                  WHERE u.state IN ('queued', 'running', 'interrupted')
                    AND u.id::text = substring(c.relname FROM '_(\d+)_\d+$'))
  -- Who only looks has no run, and is there as long as its session is.
  AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid::text = substring(c.relname FROM '_of_(\d+)$'))
