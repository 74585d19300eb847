-- The newest rejects of dataset $1 whose bytes hold each of the texts $2, in small letters or large. At most $3.
SELECT j.release, j.part, j.record, j.line, j.column_name, j.reason, j.original
FROM bluebook.releases r
JOIN bluebook.rejects j ON j.release = r.id AND NOT j.pending
WHERE r.dataset = $1
  AND NOT EXISTS (SELECT FROM unnest($2) AS wanted (value)
                  WHERE position(convert_to(wanted.value, 'UTF8') IN j.original) = 0
                    AND position(lower(wanted.value) IN lower(encode(j.original, 'escape'))) = 0)
ORDER BY r.id DESC, j.part, j.record
LIMIT $3
