-- What the difference comes to when rows have no key: copies come and go, none changes.
SELECT count(*) FILTER (WHERE _kind = 'r') AS inserted,
       0::bigint AS changed,
       count(*) FILTER (WHERE _kind = 'g') AS removed,
       0::bigint AS kept,
       count(*) AS staged
FROM {stage}
