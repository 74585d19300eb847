-- The main currencies that are still quoted: the newest rate, the one of the day before, the one of thirty days before,
-- and ninety days of it.
WITH listed (place, code, currency) AS (
    VALUES (1, 'USD', 'US dollar'), (2, 'JPY', 'Japanese yen'), (3, 'GBP', 'Pound sterling'), (4, 'CHF', 'Swiss franc'),
           (5, 'CNY', 'Chinese yuan'), (6, 'INR', 'Indian rupee'), (7, 'PLN', 'Polish zloty'),
           (8, 'SEK', 'Swedish krona'), (9, 'NOK', 'Norwegian krone'), (10, 'AUD', 'Australian dollar'),
           (11, 'CAD', 'Canadian dollar'), (12, 'BRL', 'Brazilian real')
),
newest AS (SELECT max(date) AS date FROM data.ecb_reference_rates),
recent AS (
    SELECT r.currency AS code, r.date, r.rate, newest.date AS newest
    FROM data.ecb_reference_rates_long r, newest
    WHERE r.date > newest.date - 120
),
rates AS (
    SELECT code, (array_agg(rate ORDER BY date DESC))[1] AS rate, (array_agg(rate ORDER BY date DESC))[2] AS day_before,
           (array_agg(rate ORDER BY date DESC) FILTER (WHERE date <= newest - 30))[1] AS month_before,
           min(rate) FILTER (WHERE date > newest - 90) AS lowest, max(rate) FILTER (WHERE date > newest - 90) AS highest,
           array_agg(rate ORDER BY date) FILTER (WHERE date > newest - 90) AS line
    FROM recent
    GROUP BY code
    HAVING max(date) = max(newest)
)
SELECT listed.currency, listed.code, trim_scale(rate) AS rate, round(100 * (rate / day_before - 1), 2) AS day_change,
       round(100 * (rate / month_before - 1), 2) AS month_change, trim_scale(lowest) AS lowest,
       trim_scale(highest) AS highest, line
FROM rates
JOIN listed USING (code)
ORDER BY listed.place
