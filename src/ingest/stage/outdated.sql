-- Where each period is a file of its own, a later one has the last word: rows that it has made otherwise stay as they are.
-- A row names the release that gave it its values; one that only repeats them has not made it.
WITH struck AS (
    DELETE FROM {stage} s
    USING {table} t, bluebook.release_artifacts theirs, bluebook.release_artifacts ours
    WHERE s._kind = 'r' AND {same_key} AND {differs}
      AND theirs.release = t._release AND theirs.part = t._part
      AND ours.release = $2 AND ours.part = s._part
      AND theirs.period > ours.period
      -- Asked once, and mostly no: then nothing is compared.
      AND EXISTS (SELECT FROM bluebook.releases r
                  JOIN bluebook.release_artifacts a ON a.release = r.id
                  WHERE r.dataset = {name}
                    AND a.period > (SELECT min(period) FROM bluebook.release_artifacts WHERE release = $2))
    RETURNING s._part AS part, s._record AS record
)
{struck}
