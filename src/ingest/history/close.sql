-- What the release ($1) does not say any more, or says otherwise, was said until now ($2). t is the history.
UPDATE {history} t
SET _to = $2, _until_release = $1
FROM {stage} s
WHERE t._to IS NULL AND {same_key} AND (s._kind = 'g' OR s._kind = 'r' AND {differs})
