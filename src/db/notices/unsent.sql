SELECT count(*) FILTER (WHERE state = 'pending' AND error IS NOT NULL) AS failing,
    count(*) FILTER (WHERE state = 'dead' AND made_at > now() - interval '30 days') AS dead
FROM bluebook.notices
WHERE state <> 'sent'
