-- Whether schema $1 is there or may be made, and whether anything but a view of ours (by its comment, $3) is called $2 in it.
SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS schema_there,
       has_database_privilege(current_database(), 'CREATE') AS may_make_schema,
       EXISTS (SELECT FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = $1 AND c.relname = $2
                 AND NOT (c.relkind = 'v' AND starts_with(coalesce(obj_description(c.oid, 'pg_class'), ''), $3))) AS taken
