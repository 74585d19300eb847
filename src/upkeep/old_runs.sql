-- Runs that ended more than $1 seconds ago, with their events and fetches. Those that a release or an edition came from
-- stay, as does the last answer of each publisher, which the next request refers to.
DELETE FROM bluebook.runs
WHERE id IN (
    SELECT run.id
    FROM bluebook.runs AS run
    WHERE run.finished_at < now() - make_interval(secs => $1)
      AND NOT EXISTS (SELECT FROM bluebook.releases AS release WHERE release.run = run.id)
      AND NOT EXISTS (SELECT FROM bluebook.editions AS edition WHERE edition.run = run.id)
      AND NOT EXISTS (
          SELECT FROM bluebook.fetches AS fetched
          WHERE fetched.run = run.id
            AND fetched.id = (SELECT max(last.id) FROM bluebook.fetches AS last WHERE last.dataset = fetched.dataset))
    ORDER BY run.id
    LIMIT 500)
