-- Makes room for release $1: what is in the states $2 and older than it, or published, is superseded. Says what it
-- was, and which stages nobody needs any more.
WITH old AS (
    SELECT o.id, o.state, o.stage
    FROM bluebook.releases o
    JOIN bluebook.releases n ON n.dataset = o.dataset AND n.id <> o.id
    WHERE n.id = $1 AND o.state = ANY ($2) AND (o.state = 'published' OR o.id < n.id)
    FOR NO KEY UPDATE OF o
)
UPDATE bluebook.releases r
SET state = 'superseded', stage = NULL
FROM old
WHERE r.id = old.id
RETURNING old.id, old.state, old.stage
