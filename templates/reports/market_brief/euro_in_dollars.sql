SELECT date, trim_scale(usd) AS rate, round(100 * (usd / lag(usd) OVER (ORDER BY date) - 1), 2) AS change
FROM data.ecb_reference_rates
WHERE usd IS NOT NULL
ORDER BY date DESC
LIMIT 1
