-- The first rows of the table that would go.
SELECT to_jsonb(_row) AS row
FROM (
    SELECT {t_columns} FROM {stage} s JOIN {table} t ON {same_key} WHERE s._kind = 'g' ORDER BY t._part, t._record LIMIT 20
) AS _row
