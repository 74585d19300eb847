-- Opens the gaps of a dataset ($1) that are new in what it misses now ($2), and closes those that are not in it, unless
-- what was seen is held and nobody sees it yet (not $3). What is left
-- of a gap that was filled in part was noticed with it.
WITH found AS (
    SELECT f."from", f."to" FROM jsonb_to_recordset($2) AS f ("from" timestamptz, "to" timestamptz)
), filled AS (
    UPDATE bluebook.gaps g
    SET closed_at = now()
    WHERE $3 AND g.dataset = $1 AND g.closed_at IS NULL
      AND NOT EXISTS (SELECT FROM found f WHERE f."from" = g.missing_from AND f."to" = g.missing_to)
)
INSERT INTO bluebook.gaps (dataset, missing_from, missing_to, noticed_at)
SELECT $1, f."from", f."to", coalesce(
    (SELECT min(g.noticed_at) FROM bluebook.gaps g
     WHERE g.dataset = $1 AND g.closed_at IS NULL AND g.missing_from <= f."to" AND g.missing_to >= f."from"),
    now())
FROM found f
ON CONFLICT (dataset, missing_from, missing_to) WHERE closed_at IS NULL DO NOTHING
