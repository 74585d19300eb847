-- A session of the program that has sat in an open transaction for longer than any step may.
SELECT format('session %s of %s, idle in its transaction since %s', pid, coalesce(client_addr::text, 'this machine'),
              state_change) AS broken
FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'bluebook' AND pid <> pg_backend_pid()
  AND state LIKE 'idle in transaction%' AND state_change < now() - interval '90 seconds'
