-- A delivery that says two things of itself.
SELECT format('delivery %s to %s is %s after %s attempts', id, split_part(recipient, ':', 1), state, attempts) AS broken
FROM bluebook.deliveries
WHERE (state = 'delivered') <> (delivered_at IS NOT NULL)
