-- The copies that the table lacks, in the order of the file.
INSERT INTO {table} ({columns}, _release, _part, _record)
SELECT {s_columns}, $1, s._part, s._record
FROM {stage} s
WHERE s._kind = 'r'
ORDER BY s._part, s._record
