-- All of the sum, to be compared with the table as any release is.
INSERT INTO {stage} ({columns}, _part, _record)
SELECT {columns}, _part, _record
FROM {table}
