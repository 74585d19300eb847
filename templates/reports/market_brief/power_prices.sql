-- Every point of the newest seven days of the daily auction.
SELECT starts_at, minutes, price, repeated
FROM data.entsoe_day_ahead_prices
WHERE contract_type = 'A01'
  AND starts_at >= (SELECT max(starts_at) FROM data.entsoe_day_ahead_prices) - interval '7 days'
ORDER BY starts_at
