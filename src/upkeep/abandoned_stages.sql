-- Tables of schema stage whose run (the first of the two numbers at the end of the name) has ended, unless a held
-- release still needs them; and those of somebody who only looks (the number is the session's), once it has ended.
SELECT stage.relname::text AS name
FROM pg_class AS stage
WHERE stage.relnamespace = 'stage'::regnamespace
  AND stage.relkind IN ('r', 'p')
  AND NOT EXISTS (
      SELECT FROM bluebook.releases AS release
      WHERE release.state = 'held' AND release.stage IN (stage.relname, 'stage.' || stage.relname))
  AND NOT EXISTS (
      SELECT FROM bluebook.runs AS run
      WHERE run.state IN ('queued', 'running', 'interrupted')
        AND run.id::text = substring(stage.relname FROM '_(\d+)_\d+$'))
  AND NOT EXISTS (
      SELECT FROM pg_stat_activity AS looking
      WHERE looking.pid::text = substring(stage.relname FROM '_of_(\d+)$'))
ORDER BY stage.relname
