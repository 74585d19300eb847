-- Tables of schema stage whose run (the first of the two numbers at the end of the name) has ended, unless a held
-- release still needs them.
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
ORDER BY stage.relname
