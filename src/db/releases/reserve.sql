-- New releases get numbers above $1, and above those that there are.
SELECT setval(pg_get_serial_sequence('bluebook.releases', 'id'),
              greatest($1, (SELECT max(id) FROM bluebook.releases), 1))
