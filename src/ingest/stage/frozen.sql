-- A dataset to which rows are only added: a row that the table has with other values is rejected and stays as it is.
WITH conflicting AS (
    DELETE FROM {stage} s
    USING {table} t
    WHERE s._kind = 'r' AND {same_key} AND {differs}
    RETURNING s.*
), marked AS (
    INSERT INTO {stage} ({key}, _part, _record, _kind)
    SELECT {k_key}, k._part, k._record, 'k' FROM conflicting k
), struck AS (
    INSERT INTO {rejects} (release, part, record, reason, original, pending)
    SELECT $2, _k._part, _k._record,
           'the table has this key with other values, and rows of this dataset never change '
           '(shown as read, not as written)',
           -- As with what cannot be read: of many, only the first are kept at length.
           convert_to(left((to_jsonb(_k) - ARRAY['_part', '_record', '_kind'])::text,
                           CASE WHEN row_number() OVER () <= 1000 THEN 16384 ELSE 256 END), 'UTF8'),
           EXISTS (SELECT FROM bluebook.releases r WHERE r.id = $2 AND r.state = 'held')
    FROM conflicting _k
    RETURNING part, record
)
{struck}
