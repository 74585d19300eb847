-- A mark of data.$1 that changes with everything that is altered about it; none if the table is more than its
-- definition makes it, such as what somebody else has hung on it: another table in its place would lose that.
SELECT c.xmin::text AS mark
FROM pg_class c
WHERE c.oid = to_regclass(format('data.%I', $1))
  AND c.relkind = 'r' AND c.relpersistence = 'p' AND c.relowner = current_user::regrole
  AND NOT c.relispartition AND NOT c.relhassubclass AND NOT c.relhastriggers AND NOT c.relhasrules
  AND NOT c.relrowsecurity AND c.relreplident = 'd' AND c.reltablespace = 0 AND c.reloftype = 0
  AND c.reloptions = ARRAY[$2]
  AND NOT EXISTS (SELECT FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    AND (a.attacl IS NOT NULL OR a.attoptions IS NOT NULL OR a.atthasdef))
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype NOT IN ('p', 'n'))
  AND NOT EXISTS (SELECT FROM pg_index x
                  WHERE x.indrelid = c.oid AND NOT x.indisprimary
                    AND obj_description(x.indexrelid, 'pg_class') IS DISTINCT FROM $3)
  AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
  AND NOT EXISTS (SELECT FROM pg_publication_rel p WHERE p.prrelid = c.oid)
  AND NOT EXISTS (SELECT FROM pg_statistic_ext s WHERE s.stxrelid = c.oid)
