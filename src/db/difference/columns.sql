-- In how many rows each column would change.
SELECT to_jsonb(q) AS row
FROM (
    SELECT {counts}
    FROM {stage} s
    JOIN {table} t ON {same_key}
    WHERE s._kind = 'r'
) AS q
