-- Slots $2 of schedule $1 that have no row.
SELECT format('schedule %s was due at %s, and there is no run for it', $1, slot) AS broken
FROM unnest($2) AS due (slot)
WHERE NOT EXISTS (SELECT FROM bluebook.runs r WHERE r.schedule = $1 AND r.slot = due.slot)
ORDER BY slot
