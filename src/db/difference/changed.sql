-- The first rows that would change, as they are and as they would be.
SELECT jsonb_build_object('old', to_jsonb(_old), 'new', to_jsonb(_new)) AS row
FROM (
    SELECT s.ctid AS place, t.ctid AS old_place, s._part, s._record
    FROM {stage} s
    JOIN {table} t ON {same_key}
    WHERE s._kind = 'r'
    ORDER BY s._part, s._record
    LIMIT 20
) AS few
JOIN LATERAL (SELECT {t_columns} FROM {table} t WHERE t.ctid = few.old_place) AS _old ON true
JOIN LATERAL (SELECT {s_columns} FROM {stage} s WHERE s.ctid = few.place) AS _new ON true
ORDER BY few._part, few._record
