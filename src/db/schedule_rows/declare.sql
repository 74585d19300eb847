-- Schedule $1 runs $2 by cron line $3 in zone $4, with catch-up policy $5 and overlap policy $6.
INSERT INTO bluebook.schedules AS old (name, job, cron, time_zone, catch_up, overlap, planned_until)
VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())
ON CONFLICT (name) DO UPDATE
SET job = excluded.job,
    cron = excluded.cron,
    time_zone = excluded.time_zone,
    catch_up = excluded.catch_up,
    overlap = excluded.overlap,
    active = true,
    updated_at = clock_timestamp(),
    planned_until = CASE
        WHEN old.active AND (old.cron, old.time_zone) = (excluded.cron, excluded.time_zone) THEN old.planned_until
        ELSE clock_timestamp() END
WHERE (old.job, old.cron, old.time_zone, old.catch_up, old.overlap, old.active)
    IS DISTINCT FROM (excluded.job, excluded.cron, excluded.time_zone, excluded.catch_up, excluded.overlap, true)
