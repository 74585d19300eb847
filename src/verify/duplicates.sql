-- Keys that stand more than once in data.$1, counted in its rows and not in its index.
SELECT format('data.%s has the key %s %s times', $1, ROW({key})::text, count(*)) AS broken
FROM (SELECT {key} FROM {table} OFFSET 0) t
GROUP BY {key}
HAVING count(*) > 1
LIMIT {shown}
