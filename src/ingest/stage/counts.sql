-- What the difference comes to. A key of the stage stands there once.
SELECT count(*) FILTER (WHERE s._kind = 'r' AND t._release IS NULL) AS inserted,
       count(*) FILTER (WHERE s._kind = 'r' AND t._release IS NOT NULL) AS changed,
       count(*) FILTER (WHERE s._kind = 'g') AS removed,
       count(*) FILTER (WHERE s._kind = 'k') AS kept,
       count(*) AS staged
FROM {stage} s
LEFT JOIN {table} t ON {same_key}
