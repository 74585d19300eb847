-- What the release lacks goes.
DELETE FROM {table} t
USING {stage} s
WHERE s._kind = 'g' AND {same_key}
