-- A release that was published, and whose counts leave a record out.
SELECT format('release %s of %s: %s', id, dataset, counts) AS broken
FROM bluebook.releases
WHERE published_at IS NOT NULL
  AND (counts IS NULL OR (counts ->> 'rows')::bigint IS DISTINCT FROM
       (counts ->> 'inserted')::bigint + (counts ->> 'changed')::bigint + (counts ->> 'unchanged')::bigint
       + (counts ->> 'rejected')::bigint + (counts ->> 'duplicates')::bigint)
