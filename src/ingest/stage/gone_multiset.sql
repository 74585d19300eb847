-- The copies that the table has beyond those of the release, one row each.
WITH both_sides AS (
    SELECT {t_columns}, 1 AS _copies FROM {table} t
    UNION ALL
    SELECT {s_columns}, -1 FROM {stage} s
), surplus AS (
    SELECT {columns}, sum(_copies) AS _copies FROM both_sides GROUP BY {columns} HAVING sum(_copies) > 0
)
INSERT INTO {stage} ({columns}, _part, _record, _kind)
SELECT {columns}, 0, 0, 'g'
FROM surplus
CROSS JOIN generate_series(1, _copies) AS g (_nth)
