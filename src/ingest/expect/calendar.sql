-- The ranges of a calendar that a release misses: from $1 (or its oldest value) to its newest, every $2, without
-- weekends if $3.
WITH bounds AS (
    SELECT coalesce($1::{series}, min({column})::{series}) AS oldest, max({column})::{series} AS newest
    FROM pg_temp.release
), expected AS (
    SELECT moment, row_number() OVER (ORDER BY moment) AS nth
    FROM bounds, generate_series(oldest, newest, $2::interval) AS g (moment)
    WHERE NOT ($3 AND extract(isodow FROM moment) > 5) AND NOT {exceptions}
), missing AS (
    SELECT moment, nth - row_number() OVER (ORDER BY moment) AS island
    FROM expected
    WHERE NOT EXISTS (SELECT FROM pg_temp.release r WHERE r.{column} = moment::{kind})
), ranges AS (
    SELECT min(moment) AS first, max(moment) AS last, count(*) AS values
    FROM missing
    GROUP BY island
)
SELECT coalesce(jsonb_agg(jsonb_build_object(
           'from', first::{kind}::text, 'to', last::{kind}::text, 'values', values) ORDER BY first), '[]') AS answer
FROM ranges
