-- Refused by the database while a dataset's tables are left in data or stage: drop those on purpose.
DROP TABLE bluebook.audit, bluebook.sign_in_attempts, bluebook.sign_in_links, bluebook.sessions, bluebook.users,
    bluebook.notices, bluebook.changes, bluebook.conditions,
    bluebook.deliveries, bluebook.edition_releases, bluebook.edition_files, bluebook.editions, bluebook.rejects,
    bluebook.gaps, bluebook.fingerprints, bluebook.release_artifacts, bluebook.fetches, bluebook.hosts,
    bluebook.run_events;
ALTER TABLE bluebook.datasets DROP CONSTRAINT datasets_published_release_fkey;
DROP TABLE bluebook.releases, bluebook.datasets, bluebook.artifacts, bluebook.runs, bluebook.schedules;
DROP FUNCTION bluebook.tell_workers(), bluebook.tell_notifiers(), bluebook.chain_audit(),
    bluebook.refuse_audit_change(), bluebook.plain(text);
DROP SCHEMA stage;
DROP SCHEMA data;
