-- How job $1 stands after run $2 ended, or after release $3 was discarded; a change is written if that is news.
-- The job's row of conditions is there, and locked.
WITH ended AS (
    SELECT id, state, error, outcome FROM bluebook.runs WHERE id = $2
), held AS (
    SELECT id,
        ARRAY(SELECT DISTINCT finding ->> 'check' FROM jsonb_array_elements(findings) AS finding
              WHERE finding ->> 'level' = 'fail' ORDER BY 1) AS checks
    FROM bluebook.releases
    WHERE dataset = substring($1 FROM '^ingest:(.*)$') AND state = 'held'
    ORDER BY id DESC
    LIMIT 1
), judged AS (
    SELECT old.condition AS before,
        old.since,
        CASE WHEN ended.state = 'failed' OR (ended.id IS NULL AND old.condition = 'failing') THEN 'failing'
             WHEN held.id IS NOT NULL THEN 'held'
             ELSE 'good' END AS after,
        old.checks AS old_checks,
        coalesce(held.checks, '{}') AS checks,
        coalesce(held.id, $3, (ended.outcome ->> 'release')::bigint) AS release,
        ended.error
    FROM bluebook.conditions AS old
    LEFT JOIN ended ON true
    LEFT JOIN held ON true
    WHERE old.job = $1
), told AS (
    INSERT INTO bluebook.changes (job, title, before, after, since, run, release, facts)
    SELECT $1,
        coalesce(
            (SELECT title FROM bluebook.datasets WHERE name = substring($1 FROM '^ingest:(.*)$')),
            (SELECT title FROM bluebook.editions WHERE report = substring($1 FROM '^report:(.*)$')
             ORDER BY id DESC LIMIT 1),
            $1),
        judged.before,
        judged.after,
        judged.since,
        $2,
        release.id,
        jsonb_strip_nulls(jsonb_build_object(
            'error', CASE judged.after WHEN 'failing' THEN judged.error END,
            'release_state', release.state,
            'counts', nullif(release.counts, 'null'),
            'findings', CASE judged.after WHEN 'held' THEN release.findings END))
    FROM judged
    LEFT JOIN bluebook.releases AS release ON release.id = judged.release
    WHERE judged.before <> judged.after OR (judged.after = 'held' AND judged.old_checks <> judged.checks)
)
UPDATE bluebook.conditions AS condition
SET condition = judged.after,
    checks = judged.checks,
    since = CASE judged.after WHEN judged.before THEN condition.since ELSE clock_timestamp() END
FROM judged
WHERE condition.job = $1
