-- The first rows of the release that the table does not have.
SELECT to_jsonb(_row) AS row
FROM (
    SELECT {s_columns}
    FROM {stage} s
    WHERE s._kind = 'r' AND NOT EXISTS (SELECT FROM {table} t WHERE {same_key})
    ORDER BY s._part, s._record
    LIMIT 20
) AS _row
