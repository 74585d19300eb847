-- Makes room for release $1: what is in the states $2 and older than it, or published, is superseded. Where each period
-- is a file of its own ($3), a held one waits on unless it is of the same period: nothing else has its rows. Says what it
-- was, and which stages nobody needs any more.
WITH old AS (
    SELECT o.id, o.state, o.stage
    FROM bluebook.releases o
    JOIN bluebook.releases n ON n.dataset = o.dataset AND n.id <> o.id
    WHERE n.id = $1 AND o.state = ANY ($2)
      AND (o.state = 'published' OR o.id < n.id AND (NOT $3 OR o.period = n.period))
    FOR NO KEY UPDATE OF o
)
UPDATE bluebook.releases r
SET state = 'superseded', stage = NULL
FROM old
WHERE r.id = old.id
RETURNING old.stage
