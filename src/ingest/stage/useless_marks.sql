-- A mark keeps an old row; where there is none, it keeps nothing.
DELETE FROM {stage} s
WHERE s._kind = 'k' AND NOT EXISTS (SELECT FROM {table} t WHERE {same_key})
