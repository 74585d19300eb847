-- The first copies that would come, where rows have no key.
SELECT to_jsonb(_row) AS row
FROM (SELECT {s_columns} FROM {stage} s WHERE s._kind = 'r' ORDER BY s._part, s._record LIMIT 20) AS _row
