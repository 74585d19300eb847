-- How far the active schedules (or schedule $1) are planned, and whether they or their datasets are paused.
SELECT s.name, s.planned_until, clock_timestamp() AS now,
    CASE
        WHEN s.paused_at IS NOT NULL THEN 'the schedule is paused by ' || s.paused_by
        WHEN d.paused_at IS NOT NULL THEN 'the dataset is paused by ' || d.paused_by
    END AS paused
FROM bluebook.schedules AS s
LEFT JOIN bluebook.datasets AS d ON s.job = 'ingest:' || d.name
WHERE s.active AND (s.name = $1 OR $1 IS NULL)
