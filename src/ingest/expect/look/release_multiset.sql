-- The release as it would be, where rows have no key: copies go and come.
CREATE TEMPORARY VIEW release AS
(SELECT {t_columns} FROM {table} t EXCEPT ALL SELECT {s_columns} FROM {stage} s WHERE s._kind = 'g')
UNION ALL
SELECT {s_columns}
FROM {stage} s
WHERE s._kind = 'r'
