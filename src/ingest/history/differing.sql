-- Rows of the table without an open version, and open versions without a row.
SELECT count(*) AS rows
FROM ((SELECT {columns} FROM {history} WHERE _to IS NULL EXCEPT ALL SELECT {columns} FROM {table})
      UNION ALL
      (SELECT {columns} FROM {table} EXCEPT ALL SELECT {columns} FROM {history} WHERE _to IS NULL)) d
