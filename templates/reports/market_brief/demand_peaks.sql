-- Each region's highest half hour in its newest forecast. Market time is ten hours before UTC all year.
WITH regions (region, name) AS (
    VALUES ('NSW1', 'New South Wales'), ('QLD1', 'Queensland'), ('SA1', 'South Australia'), ('TAS1', 'Tasmania'),
           ('VIC1', 'Victoria')
),
newest AS (SELECT region, max(load_date) AS load_date FROM data.aemo_demand_forecast GROUP BY region),
peaks AS (
    SELECT region, max(demand_poe10_mw) AS poe10, max(demand_poe50_mw) AS poe50, max(demand_poe90_mw) AS poe90,
           (array_agg(interval_ends_at ORDER BY demand_poe50_mw DESC, interval_ends_at))[1] AS peak_at,
           array_agg(demand_poe50_mw ORDER BY interval_ends_at) AS line
    FROM data.aemo_demand_forecast
    JOIN newest USING (region, load_date)
    GROUP BY region
)
SELECT coalesce(name, region) AS region, poe90, poe50, poe10,
       to_char(peak_at AT TIME ZONE interval '10 hours', 'FMDD Mon YYYY, HH24:MI') AS peak_at, line
FROM peaks
LEFT JOIN regions USING (region)
ORDER BY poe50 DESC
