-- From here on the transaction only reads, in a role that may do no more if the program may take it.
SET TRANSACTION READ ONLY;
SET LOCAL row_security = off;
SELECT set_config('role', rolname, true)
FROM pg_roles
WHERE rolname = 'pg_read_all_data' AND pg_has_role(session_user, oid, 'MEMBER');
