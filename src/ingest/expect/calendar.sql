-- The ranges of a calendar that a release misses: from $1 (or its oldest value) to its newest, every $2, without
-- weekends if $3. With more than $4 steps, one of the two ends is wrong, and nothing is looked for.
WITH ends AS (
    SELECT coalesce($1::{series}, min({column})::{series}) AS oldest, max({column})::{series} AS newest
    FROM pg_temp.release
), measured AS (
    -- A month counts as 30 days and may have 28, so there are a few steps to spare.
    SELECT oldest, newest,
           ceil(extract(epoch FROM newest - oldest) / (0.9 * extract(epoch FROM $2::interval)))::bigint AS steps
    FROM ends
), expected AS (
    -- Each counted from the first: the month after the 31st of January ends on the 28th, the next one on the 31st again.
    SELECT _moment, row_number() OVER (ORDER BY _moment) AS nth
    FROM measured
    CROSS JOIN generate_series(0, CASE WHEN steps <= $4 THEN steps ELSE -1 END) AS s (step)
    CROSS JOIN LATERAL (SELECT oldest + step * $2::interval) AS m (_moment)
    WHERE _moment <= newest AND NOT ($3 AND extract(isodow FROM _moment) > 5) AND NOT {exceptions}
), missing AS (
    SELECT _moment, nth - row_number() OVER (ORDER BY _moment) AS island
    FROM expected
    WHERE NOT EXISTS (SELECT FROM pg_temp.release r WHERE r.{column} = _moment::{kind})
), ranges AS (
    SELECT min(_moment) AS first, max(_moment) AS last, count(*) AS values
    FROM missing
    GROUP BY island
)
SELECT jsonb_build_object(
           'oldest', (SELECT oldest::{kind}::text FROM measured),
           'newest', (SELECT newest::{kind}::text FROM measured),
           'too_long', coalesce((SELECT steps > $4 FROM measured), false),
           'gaps', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                        'from', first::{kind}::text, 'to', last::{kind}::text, 'values', values) ORDER BY first), '[]')
                    FROM ranges)) AS answer
