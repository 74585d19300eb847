-- When the published release ($1) was published; later than whatever the history says, if it says something later.
SELECT greatest(r.published_at, (SELECT max(_from) + interval '1 microsecond' FROM {history})) AS at
FROM bluebook.releases r
WHERE r.id = $1
