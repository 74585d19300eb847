SELECT s.token_hash, s.created_at, s.seen_at, s.address, s.browser
FROM bluebook.sessions s
WHERE s.user_id = $1
  AND s.expires_at > now()
  AND s.seen_at > now() - make_interval(mins => $2::int)
ORDER BY s.seen_at DESC, s.created_at DESC
