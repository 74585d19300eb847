-- Schedules whose slots since `after` and up to `until` must all have their rows: what was declared anew begins anew,
-- and a week is enough to look at.
SELECT name, cron, time_zone, greatest(updated_at + interval '1 second', planned_until - interval '7 days') AS after,
       planned_until AS until
FROM bluebook.schedules
WHERE active
