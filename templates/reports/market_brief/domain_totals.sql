-- How many there are, and what the newest release did if it was not the first.
SELECT (SELECT count(*) FROM data.us_gov_domains) AS domains,
       CASE WHEN r.base IS NULL THEN 'the first release'
            ELSE format('%s new, %s changed, %s gone', r.counts ->> 'inserted', r.counts ->> 'changed',
                        r.counts ->> 'removed') END AS change
FROM bluebook.datasets d
JOIN bluebook.releases r ON r.id = d.published_release
WHERE d.name = 'us_gov_domains'
