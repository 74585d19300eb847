-- Rows, and how many of them have a value in each of some columns.
SELECT to_jsonb(_counted) AS answer
FROM (SELECT count(*) AS _rows, {counts} FROM pg_temp.release) AS _counted
