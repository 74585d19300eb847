-- What the release lacks goes; a marked key stands in the stage, so its row stays.
DELETE FROM {table} t
WHERE NOT EXISTS (SELECT FROM {stage} s WHERE {same_key})
