-- A release that was published before, by a database that is lost: under its old number ($1), if that is free.
INSERT INTO bluebook.releases (id, dataset, run, base, definition, definition_artifact, parser_version, content,
                               fetched_at, decided_at, decided_by, decision_reason, period)
OVERRIDING SYSTEM VALUE
SELECT CASE WHEN EXISTS (SELECT FROM bluebook.releases WHERE id = $1)
            THEN nextval(pg_get_serial_sequence('bluebook.releases', 'id'))
            ELSE $1
       END,
       $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
RETURNING id
