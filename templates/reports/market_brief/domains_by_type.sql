-- A row that the newest release wrote carries its number; of the first release, nothing is new.
WITH newest AS (
    SELECT r.id
    FROM bluebook.datasets d
    JOIN bluebook.releases r ON r.id = d.published_release
    WHERE d.name = 'us_gov_domains' AND r.base IS NOT NULL
)
SELECT domain_type, count(*) AS domains, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS share,
       round(count(*)::numeric / max(count(*)) OVER (), 4) AS bar,
       count(*) FILTER (WHERE _release IN (SELECT id FROM newest)) AS touched
FROM data.us_gov_domains
GROUP BY domain_type
ORDER BY domains DESC, domain_type
