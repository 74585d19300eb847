-- A slot that ended well more than once.
SELECT format('%s ended well %s times for %s', schedule, count(*), slot) AS broken
FROM bluebook.runs
WHERE slot IS NOT NULL AND state = 'succeeded'
GROUP BY schedule, slot
HAVING count(*) > 1
