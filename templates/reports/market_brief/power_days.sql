-- The newest days of the daily auction, by the clocks of Madrid. Averages weigh a quarter as a quarter of an hour.
WITH points AS (
    SELECT (starts_at AT TIME ZONE 'Europe/Madrid')::date AS day, starts_at, minutes, price, repeated
    FROM data.entsoe_day_ahead_prices
    WHERE contract_type = 'A01'
),
days AS (
    SELECT day, min(price) AS lowest, sum(price * minutes) / sum(minutes) AS average, max(price) AS highest,
           (array_agg(starts_at ORDER BY price DESC, starts_at))[1] AS dearest_at,
           count(*) AS points, count(*) FILTER (WHERE repeated) AS repeated
    FROM points
    GROUP BY day
)
SELECT day, lowest, round(average, 2) AS average, highest,
       round(100 * (average / nullif(lag(average) OVER (ORDER BY day), 0) - 1), 1) AS change,
       to_char(dearest_at AT TIME ZONE 'Europe/Madrid', 'HH24:MI') AS dearest_at, points, repeated
FROM days
ORDER BY day DESC
LIMIT 7
