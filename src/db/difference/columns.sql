-- In how many rows each column would change.
SELECT to_jsonb(_row) AS row
FROM (
    SELECT {counts}
    FROM {stage} s
    JOIN {table} t ON {same_key}
    WHERE s._kind = 'r'
) AS _row
