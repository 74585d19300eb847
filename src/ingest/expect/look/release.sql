-- The release as it would be.
CREATE TEMPORARY VIEW release AS
SELECT {t_columns}
FROM {table} t
WHERE NOT EXISTS (SELECT FROM {stage} s WHERE s._kind IN ('r', 'g') AND {same_key})
UNION ALL
SELECT {s_columns}
FROM {stage} s
WHERE s._kind = 'r'
