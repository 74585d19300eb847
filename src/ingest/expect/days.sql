-- Days of a clock that have more or fewer intervals than they are long, each of $1 seconds; without the first and the
-- last of each place if $2.
WITH counted AS (
    SELECT ({start} AT TIME ZONE {zone})::date AS day, jsonb_build_array({per}) AS place, count(DISTINCT {start}) AS found
    FROM pg_temp.release
    WHERE {start} IS NOT NULL
    GROUP BY 1, 2
), measured AS (
    SELECT *, extract(epoch FROM (day + 1)::timestamp AT TIME ZONE {zone} - day::timestamp AT TIME ZONE {zone}) / $1 AS due,
           day IN (min(day) OVER (PARTITION BY place), max(day) OVER (PARTITION BY place)) AS at_an_end
    FROM counted
), wrong AS (
    SELECT day, place, found, due::bigint AS due
    FROM measured
    WHERE found <> due AND NOT ($2 AND at_an_end)
    ORDER BY day, place
)
SELECT jsonb_build_object(
           'all', (SELECT count(*) FROM wrong),
           'first', coalesce((SELECT jsonb_agg(w) FROM (SELECT * FROM wrong LIMIT 10) w), '[]')) AS answer
