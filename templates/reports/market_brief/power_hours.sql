-- The newest whole day by hour, against the same hour of the day before. A point is repeated if the publisher left it
-- out because it equals the one before.
WITH hours AS (
    SELECT date_trunc('hour', starts_at AT TIME ZONE 'Europe/Madrid') AS hour, min(starts_at) AS first,
           sum(price * minutes) / sum(minutes) AS price, count(*) AS points, count(*) FILTER (WHERE repeated) AS repeated
    FROM data.entsoe_day_ahead_prices
    WHERE contract_type = 'A01'
    GROUP BY date_trunc('hour', starts_at AT TIME ZONE 'Europe/Madrid')
)
SELECT to_char(today.hour, 'HH24:MI') || '–' || to_char(today.hour + interval '1 hour', 'HH24:MI') AS hour,
       round(today.price, 2) AS price, today.price / nullif(max(today.price) OVER (), 0) AS share,
       round(today.price - before.price, 2) AS change,
       CASE WHEN today.repeated > 0 THEN today.repeated || ' of ' || today.points END AS repeated
FROM hours today
LEFT JOIN hours before ON before.hour = today.hour - interval '1 day'
WHERE today.hour::date = (SELECT max(hour)::date FROM hours)
ORDER BY today.first
