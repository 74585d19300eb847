-- Slots $3 of schedule $1 and job $2, to be run not before $4, in states $5 for reasons $6. A slot that has its row keeps it.
INSERT INTO bluebook.runs (job, trigger, schedule, slot, not_before, state, reason, finished_at)
SELECT $2, '"slot"', $1, planned.slot, planned.not_before, planned.state, planned.reason,
    CASE WHEN planned.state <> 'queued' THEN clock_timestamp() END
FROM unnest($3, $4, $5, $6) AS planned (slot, not_before, state, reason)
ORDER BY planned.slot
ON CONFLICT (schedule, slot) DO NOTHING
