-- Attempt $2 of notice $1 made it $3, with error $4; if it is pending still, it waits $5 seconds.
UPDATE bluebook.notices
SET state = $3,
    error = $4,
    sent_at = CASE $3 WHEN 'sent' THEN clock_timestamp() END,
    not_before = clock_timestamp() + make_interval(secs => $5)
WHERE id = $1 AND attempts = $2 AND state = 'pending'
