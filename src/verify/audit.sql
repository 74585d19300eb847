-- A line of the audit that does not follow the one before, or is not what its hash was made of.
SELECT format('line %s does not follow the one before', id) AS broken
FROM (SELECT id, previous, lag(hash, 1, '\x') OVER chain AS before, lag(id, 1, 0::bigint) OVER chain AS above
      FROM bluebook.audit WINDOW chain AS (ORDER BY id)) links
WHERE previous <> before OR id <> above + 1
UNION ALL
SELECT format('line %s is not what it was when it was written', id)
FROM bluebook.audit
WHERE hash <> sha256(previous || convert_to(jsonb_build_array(id, at AT TIME ZONE 'UTC', user_id, who, action, subject,
    row_key, before, after, request)::text, 'UTF8'))
