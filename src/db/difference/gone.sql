-- The first copies that would go, where rows have no key.
SELECT to_jsonb(_row) AS row
FROM (SELECT {s_columns} FROM {stage} s WHERE s._kind = 'g' LIMIT 20) AS _row
