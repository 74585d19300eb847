-- How the stage differs from the table when rows have no key: each row counts as often as it stands there.
WITH both_sides AS (
    SELECT {t_columns}, 1 AS old, 0 AS new FROM {table} t
    UNION ALL
    SELECT {s_columns}, 0, 1 FROM {stage} s
), counted AS (
    SELECT sum(old) AS old, sum(new) AS new FROM both_sides GROUP BY {columns}
)
SELECT coalesce(sum(greatest(new - old, 0)), 0)::bigint AS inserted,
       0::bigint AS changed,
       coalesce(sum(greatest(old - new, 0)), 0)::bigint AS removed,
       coalesce(sum(least(old, new)), 0)::bigint AS unchanged,
       0::bigint AS kept
FROM counted
