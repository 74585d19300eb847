-- Open versions without a row of the table, and rows of the table without an open version.
SELECT count(*) FILTER (WHERE d._is_open) AS versions, count(*) FILTER (WHERE NOT d._is_open) AS rows
FROM ((SELECT true AS _is_open, {columns} FROM {history} WHERE _to IS NULL EXCEPT ALL SELECT true, {columns} FROM {table})
      UNION ALL
      (SELECT false, {columns} FROM {table} EXCEPT ALL SELECT false, {columns} FROM {history} WHERE _to IS NULL)) d
