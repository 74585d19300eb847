-- The rows that the newest release wrote, unless it was the first.
SELECT domain_name, organization_name, domain_type, concat_ws(', ', city, state) AS place
FROM data.us_gov_domains
WHERE _release IN (
    SELECT r.id
    FROM bluebook.datasets d
    JOIN bluebook.releases r ON r.id = d.published_release
    WHERE d.name = 'us_gov_domains' AND r.base IS NOT NULL
)
ORDER BY domain_name
LIMIT 25
