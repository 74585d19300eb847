-- Gives up what could not be sent for $1 seconds, also for a channel that no daemon has among its settings any more.
UPDATE bluebook.notices
SET state = 'dead',
    error = coalesce(error, 'no daemon has this channel among its settings')
WHERE state = 'pending' AND made_at < clock_timestamp() - make_interval(secs => $1)
  AND not_before < clock_timestamp()
