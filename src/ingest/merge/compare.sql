-- How the stage differs from the table: one pass over both.
WITH staged AS (
    SELECT s._kept AS kept, t._release IS NULL AS absent, {differs} AS differs
    FROM {stage} s
    LEFT JOIN {table} t ON {same_key}
)
SELECT count(*) FILTER (WHERE NOT kept AND absent) AS inserted,
       count(*) FILTER (WHERE NOT kept AND NOT absent AND differs) AS changed,
       (SELECT count(*) FROM {table} t WHERE NOT EXISTS (SELECT FROM {stage} s WHERE {same_key})) AS removed,
       count(*) FILTER (WHERE NOT kept AND NOT absent AND NOT differs) AS unchanged,
       count(*) FILTER (WHERE kept AND NOT absent) AS kept
FROM staged
