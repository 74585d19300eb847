-- Columns that the table has not, or not every row of the other reader's.
SELECT coalesce(name, attname)
FROM (SELECT name, count(*) AS rows FROM lines, jsonb_object_keys(line) name GROUP BY name) theirs
FULL JOIN (SELECT attname::text FROM pg_attribute WHERE attrelid = 'typed'::regclass AND attnum > 0) ours
    ON attname = name
WHERE name IS NULL OR attname IS NULL OR rows <> (SELECT count(*) FROM lines)
ORDER BY 1
