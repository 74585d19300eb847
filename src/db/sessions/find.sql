SELECT s.user_id, u.login, u.name, u.role, s.csrf, s.seen_at < now() - interval '1 minute' AS stale
FROM bluebook.sessions s
JOIN bluebook.users u ON u.id = s.user_id
WHERE s.token_hash = $1
  AND s.expires_at > now()
  AND s.seen_at > now() - make_interval(mins => $2::int)
  AND u.disabled_at IS NULL
