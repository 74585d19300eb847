-- A dataset to which rows are only added: a row that the table has with other values is rejected and stays as it is.
WITH conflicting AS (
    UPDATE {stage} s
    SET _kept = true
    FROM {table} t
    WHERE NOT s._kept AND {same_key} AND {differs}
    RETURNING s.*
)
INSERT INTO bluebook.rejects (release, part, record, reason, original)
SELECT $1, k._part, k._record,
       'the table has this key with other values, and rows of this dataset never change '
       '(shown as read, not as written)',
       convert_to((to_jsonb(k) - ARRAY['_part', '_record', '_kept'])::text, 'UTF8')
FROM conflicting k
