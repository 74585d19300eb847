-- URLs of files that dataset $1 has made a release of, or that a person has discarded. A held release may come again with
-- what is new beside it.
SELECT DISTINCT f.url
FROM bluebook.fetches f
JOIN bluebook.release_artifacts p ON p.artifact = f.artifact
JOIN bluebook.releases r ON r.id = p.release AND r.dataset = f.dataset
WHERE f.dataset = $1 AND f.part IS NOT NULL AND (r.published_at IS NOT NULL OR r.state = 'discarded')
