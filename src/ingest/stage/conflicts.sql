-- Records with one key and different values: all of them are rejected, and the key is marked so that its old row
-- stays. What the publisher wrote is not at hand any more; the values as they were read are.
WITH twice AS (
    SELECT {key}, count(*) AS _copies FROM {stage} GROUP BY {key} HAVING count(*) > 1
), conflicting AS (
    DELETE FROM {stage} s
    USING twice t
    WHERE {same_key}
    RETURNING s.*, t._copies
), marked AS (
    INSERT INTO {stage} ({key}, _part, _record, _kind)
    SELECT DISTINCT ON ({k_key}) {k_key}, k._part, k._record, 'k' FROM conflicting k
), struck AS (
    INSERT INTO {rejects} (release, part, record, reason, original, pending)
    SELECT $2, _k._part, _k._record,
           format('%s records have this key and different values: all of them are rejected, and a row that the table '
                  'has under this key stays (shown as read, not as written)', _k._copies),
           -- As with what cannot be read: of many, only the first are kept at length.
           convert_to(left((to_jsonb(_k) - ARRAY['_part', '_record', '_kind', '_copies'])::text,
                           CASE WHEN row_number() OVER () <= 1000 THEN 16384 ELSE 256 END), 'UTF8'),
           EXISTS (SELECT FROM bluebook.releases r WHERE r.id = $2 AND r.state = 'held')
    FROM conflicting _k
    RETURNING part, record
)
{struck}
