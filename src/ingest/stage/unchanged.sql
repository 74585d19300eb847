-- Rows that the table has already are no difference.
DELETE FROM {stage} s
USING {table} t
WHERE s._kind = 'r' AND {same_key} AND NOT {differs}
