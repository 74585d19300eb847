-- Every open version that the table does not have just so ends now ($2). t is the history, s the table.
UPDATE {history} t
SET _to = $2, _until_release = $1
WHERE t._to IS NULL AND NOT EXISTS (SELECT FROM {table} s WHERE {same_key} AND NOT {differs})
