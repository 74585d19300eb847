-- Which of the periods $2, as triggers of backfills, job $1 may be asked for by itself: of at most $3 at a time.
SELECT p.nth
FROM unnest($2) WITH ORDINALITY AS p (trigger, nth)
WHERE NOT EXISTS (
    SELECT FROM bluebook.runs r
    WHERE r.job = $1 AND r.trigger = p.trigger
      -- A little less than a day, or a task that is done once a day would miss every other one.
      AND (r.finished_at IS NULL OR r.queued_at > now() - interval '23 hours'
           OR EXISTS (SELECT FROM bluebook.fetches f WHERE f.run = r.id AND f.status = 410)))
ORDER BY p.nth
LIMIT greatest(0, $3 - (
    SELECT count(*) FROM bluebook.runs r
    WHERE r.job = $1 AND r.finished_at IS NULL AND jsonb_exists(r.trigger, 'backfill')))
