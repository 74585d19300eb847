-- Whether data.$1 has as many rows as the published release of dataset $1 counts, if that was read by definition $2.
SELECT format('data.%s has %s rows, and its release %s counts %s', $1, t.rows, r.id, r.rows) AS broken
FROM (SELECT id, (counts ->> 'inserted')::bigint + (counts ->> 'changed')::bigint + (counts ->> 'unchanged')::bigint
             + (counts ->> 'kept')::bigint AS rows
      FROM bluebook.releases
      WHERE dataset = $1 AND state = 'published' AND definition = $2) r
CROSS JOIN (SELECT count(*) AS rows FROM {table}) t
WHERE r.rows <> t.rows
