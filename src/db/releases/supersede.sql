-- Makes room for release $1: the published one, and what was held before it, are superseded.
UPDATE bluebook.releases old
SET state = 'superseded'
FROM bluebook.releases new
WHERE new.id = $1
  AND old.dataset = new.dataset
  AND old.id <> new.id
  AND (old.state = 'published' OR (old.state = 'held' AND old.id < new.id))
