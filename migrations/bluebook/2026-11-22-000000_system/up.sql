-- The system's own tables (schema bluebook), and the two schemas in which datasets live.
-- bluebook itself is made by the program before the first migration: the list of applied migrations stands in it.

CREATE SCHEMA data;
CREATE SCHEMA stage;
COMMENT ON SCHEMA data IS 'What governments publish: one table a dataset, one whole release at a time';
COMMENT ON SCHEMA stage IS 'Releases on their way into data; nobody reads here but the loader';

-- ---------------------------------------------------------------- when

CREATE TABLE bluebook.schedules (
    name          text PRIMARY KEY,
    job           text NOT NULL,
    cron          text NOT NULL,
    time_zone     text NOT NULL,
    catch_up      text NOT NULL CHECK (catch_up IN ('none', 'latest', 'all')),
    overlap       text NOT NULL CHECK (overlap IN ('skip', 'queue')),
    active        boolean NOT NULL DEFAULT true,
    planned_until timestamptz NOT NULL DEFAULT now(),
    paused_at     timestamptz,
    paused_by     text,
    updated_at    timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE  bluebook.schedules IS 'One row for each [[schedule]] of schedules.toml, and how far its slots are planned';
COMMENT ON COLUMN bluebook.schedules.job IS 'What a slot runs: ingest:NAME, report:NAME or upkeep';
COMMENT ON COLUMN bluebook.schedules.active IS 'False once the schedule has left schedules.toml';
COMMENT ON COLUMN bluebook.schedules.planned_until IS 'Every slot up to here has its row in runs';

-- ---------------------------------------------------------------- what is run, and what came of it

CREATE TABLE bluebook.runs (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job                 text NOT NULL,
    trigger             jsonb NOT NULL,
    schedule            text REFERENCES bluebook.schedules ON UPDATE CASCADE,
    slot                timestamptz,
    requested_by        text,
    state               text NOT NULL DEFAULT 'queued' CHECK (state IN
        ('queued', 'running', 'interrupted', 'succeeded', 'held', 'failed', 'cancelled', 'skipped', 'missed')),
    reason              text,
    attempt             integer NOT NULL DEFAULT 0,
    interruptions       integer NOT NULL DEFAULT 0,
    not_before          timestamptz NOT NULL DEFAULT now(),
    epoch               bigint NOT NULL DEFAULT 0,
    owner               text,
    lease_until         timestamptz,
    step                text,
    progress            jsonb,
    outcome             jsonb,
    error               text,
    cancel_requested_at timestamptz,
    cancel_requested_by text,
    queued_at           timestamptz NOT NULL DEFAULT now(),
    started_at          timestamptz,
    finished_at         timestamptz,
    CONSTRAINT runs_one_per_slot UNIQUE (schedule, slot),
    CONSTRAINT runs_slot_has_schedule CHECK ((schedule IS NULL) = (slot IS NULL)),
    CONSTRAINT runs_running_has_lease CHECK (state <> 'running' OR (owner IS NOT NULL AND lease_until IS NOT NULL)),
    CONSTRAINT runs_ended_has_end CHECK
        ((state IN ('queued', 'running', 'interrupted')) = (finished_at IS NULL))
);
CREATE UNIQUE INDEX runs_one_running_per_job ON bluebook.runs (job) WHERE state = 'running';
CREATE INDEX runs_waiting ON bluebook.runs (not_before, id) WHERE state IN ('queued', 'interrupted');
CREATE INDEX runs_by_job ON bluebook.runs (job, id DESC);
COMMENT ON TABLE  bluebook.runs IS 'Queue and history in one: each slot and each request is one row, and stays';
COMMENT ON COLUMN bluebook.runs.state IS 'queued, running and interrupted are open; all others are ends';
COMMENT ON COLUMN bluebook.runs.epoch IS 'Rises with each claim; whoever writes for the run must still hold it';
COMMENT ON COLUMN bluebook.runs.lease_until IS 'By the database''s clock; past it, another daemon may take the run';
COMMENT ON COLUMN bluebook.runs.reason IS 'Why a slot was skipped or missed, why a run was cancelled';
COMMENT ON COLUMN bluebook.runs.error IS 'The last failure in words; stays while a retry waits';

CREATE FUNCTION bluebook.tell_workers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('bluebook_runs', '');
    RETURN NULL;
END $$;
-- By row: a statement that touched none, such as a claim while nothing waits, would wake the worker that made it, for ever.
CREATE TRIGGER runs_tell_workers AFTER INSERT OR UPDATE OF state, cancel_requested_at ON bluebook.runs
    FOR EACH ROW WHEN (NEW.state <> 'running' OR NEW.cancel_requested_at IS NOT NULL)
    EXECUTE FUNCTION bluebook.tell_workers();

CREATE TABLE bluebook.run_events (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run     bigint NOT NULL REFERENCES bluebook.runs ON DELETE CASCADE,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempt integer NOT NULL,
    kind    text NOT NULL CHECK (kind IN ('step', 'note', 'retry', 'interrupted', 'ended')),
    step    text,
    message text NOT NULL
);
CREATE INDEX run_events_by_run ON bluebook.run_events (run, id);
COMMENT ON TABLE bluebook.run_events IS 'What happened in a run, in order: steps entered, notes, retries, interruptions, the end';

-- ---------------------------------------------------------------- what was fetched

CREATE TABLE bluebook.artifacts (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256    text NOT NULL UNIQUE CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes     bigint NOT NULL CHECK (bytes >= 0),
    name      text NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE  bluebook.artifacts IS 'One file as it was fetched; its bytes lie in the archive under this hash and never change';
COMMENT ON COLUMN bluebook.artifacts.name IS 'The file''s own name where it was first seen; for people only';

CREATE TABLE bluebook.datasets (
    name              text PRIMARY KEY,
    title             text NOT NULL,
    definition        text NOT NULL,
    readers           text[] NOT NULL DEFAULT '{}',
    published_release bigint,
    history_since     timestamptz,
    checked_at        timestamptz,
    changed_at        timestamptz,
    paused_at         timestamptz,
    paused_by         text
);
COMMENT ON TABLE  bluebook.datasets IS 'What the system knows of each dataset beyond its TOML; its row is locked by whoever publishes';
COMMENT ON COLUMN bluebook.datasets.definition IS 'Hash of the text of the definition that data.<name> was last shaped by';
COMMENT ON COLUMN bluebook.datasets.readers IS 'Roles that were let in because the definition names them';
COMMENT ON COLUMN bluebook.datasets.history_since IS 'Since when data.<name>_history is written without a gap; empty while it is not';
COMMENT ON COLUMN bluebook.datasets.checked_at IS 'Last time that the publisher was asked and the answer understood';
COMMENT ON COLUMN bluebook.datasets.changed_at IS 'Last time that a row of data.<name> changed';

CREATE TABLE bluebook.fetches (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run           bigint NOT NULL REFERENCES bluebook.runs ON DELETE CASCADE,
    dataset       text NOT NULL REFERENCES bluebook.datasets,
    part          integer,
    url           text NOT NULL,
    final_url     text NOT NULL,
    status        integer NOT NULL,
    etag          text,
    last_modified text,
    content_type  text,
    artifact      bigint REFERENCES bluebook.artifacts,
    fetched_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX fetches_by_dataset ON bluebook.fetches (dataset, id DESC);
CREATE INDEX fetches_by_run ON bluebook.fetches (run);
COMMENT ON TABLE  bluebook.fetches IS 'Each answer of a publisher: from where, when, with which validators, and the artifact that it brought';
COMMENT ON COLUMN bluebook.fetches.url IS 'As asked, without secrets; final_url after redirects';
COMMENT ON COLUMN bluebook.fetches.part IS
    'Which part of the release it is, from 0; empty for a listing or catalogue that only told where the parts are';
COMMENT ON COLUMN bluebook.fetches.artifact IS 'What it brought; after 304 Not Modified what still stands';

CREATE TABLE bluebook.hosts (
    host    text PRIMARY KEY,
    free_at timestamptz NOT NULL,
    run     bigint REFERENCES bluebook.runs ON DELETE SET NULL,
    epoch   bigint
);
COMMENT ON TABLE  bluebook.hosts IS 'Publishers'' hosts, and when each may be asked next: shared by all datasets and daemons';
COMMENT ON COLUMN bluebook.hosts.free_at IS 'A little after the last request, or when the publisher wishes to be asked again';
COMMENT ON COLUMN bluebook.hosts.run IS 'Which run asks it now, as long as that runs under the epoch: nobody else does meanwhile';
COMMENT ON COLUMN bluebook.hosts.epoch IS 'The epoch of that run';

CREATE TABLE bluebook.releases (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset         text NOT NULL REFERENCES bluebook.datasets,
    run             bigint REFERENCES bluebook.runs,
    state           text NOT NULL DEFAULT 'loading' CHECK (state IN
        ('loading', 'failed', 'held', 'published', 'superseded', 'discarded')),
    base            bigint REFERENCES bluebook.releases,
    definition      text NOT NULL,
    definition_artifact bigint REFERENCES bluebook.artifacts,
    parser_version  integer NOT NULL,
    content         text NOT NULL,
    period          timestamptz,
    stage           text,
    staged_rows     bigint,
    counts          jsonb,
    findings        jsonb NOT NULL DEFAULT '[]',
    fetched_at      timestamptz NOT NULL DEFAULT now(),
    published_at    timestamptz,
    decided_at      timestamptz,
    decided_by      text,
    decision_reason text
);
CREATE UNIQUE INDEX releases_one_published ON bluebook.releases (dataset) WHERE state = 'published';
CREATE INDEX releases_by_dataset ON bluebook.releases (dataset, id DESC);
CREATE INDEX releases_by_run ON bluebook.releases (run);
COMMENT ON TABLE  bluebook.releases IS 'The artifacts that one ingest run loads together, and what became of them';
COMMENT ON COLUMN bluebook.releases.content IS 'Hash over the artifacts'' hashes, in order: equal content is the same release again';
COMMENT ON COLUMN bluebook.releases.period IS
    'First instant of the period that its file is of, where each is a file of its own; empty if a person gave the file';
COMMENT ON COLUMN bluebook.releases.definition_artifact IS
    'The definition''s text in the archive: by it the release can be read again as it was read';
COMMENT ON COLUMN bluebook.releases.base IS 'The published release that the counts are the difference to';
COMMENT ON COLUMN bluebook.releases.stage IS 'Its table in schema stage, while there is one';
COMMENT ON COLUMN bluebook.releases.counts IS 'rows, inserted, changed, removed, unchanged, rejected, duplicates, kept';
COMMENT ON COLUMN bluebook.releases.findings IS 'What expectations found: [{level, check, message}]';
ALTER TABLE bluebook.datasets ADD CONSTRAINT datasets_published_release_fkey
    FOREIGN KEY (published_release) REFERENCES bluebook.releases;

CREATE TABLE bluebook.release_artifacts (
    release  bigint NOT NULL REFERENCES bluebook.releases ON DELETE CASCADE,
    part     integer NOT NULL,
    artifact bigint NOT NULL REFERENCES bluebook.artifacts,
    step     integer NOT NULL DEFAULT 0,
    period   timestamptz,
    PRIMARY KEY (release, part)
);
COMMENT ON TABLE bluebook.release_artifacts IS 'Which file is part 0, 1, … of a release; data.<name>._part points here';
COMMENT ON COLUMN bluebook.release_artifacts.step IS
    'If the release is the sum of several that were read again: of which of them it is a file, from 1; else 0';
COMMENT ON COLUMN bluebook.release_artifacts.period IS
    'The period that it is the file of, by its first instant: rows of a later one are not overwritten by an older one';

CREATE TABLE bluebook.fingerprints (
    dataset        text PRIMARY KEY REFERENCES bluebook.datasets ON DELETE CASCADE,
    release        bigint NOT NULL REFERENCES bluebook.releases ON DELETE CASCADE,
    file           text NOT NULL UNIQUE,
    seed           bigint NOT NULL,
    rows           bigint NOT NULL CHECK (rows >= 0),
    definition     text NOT NULL,
    parser_version integer NOT NULL,
    made_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX fingerprints_by_release ON bluebook.fingerprints (release);
COMMENT ON TABLE  bluebook.fingerprints IS
    'What a dataset''s next release can be compared with while it is read; its absence costs time and nothing else';
COMMENT ON COLUMN bluebook.fingerprints.release IS 'It describes the table only while this release is published';
COMMENT ON COLUMN bluebook.fingerprints.file IS 'Its name in the state folder''s fingerprints';
COMMENT ON COLUMN bluebook.fingerprints.seed IS 'What its hashes are keyed by: nobody can write a file that collides';

CREATE TABLE bluebook.rejects (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release     bigint NOT NULL REFERENCES bluebook.releases ON DELETE CASCADE,
    part        integer NOT NULL,
    record      bigint NOT NULL,
    line        bigint,
    column_name text,
    value       text,
    reason      text NOT NULL,
    original    bytea NOT NULL,
    pending     boolean NOT NULL DEFAULT false
);
CREATE INDEX rejects_by_release ON bluebook.rejects (release, part, record);
COMMENT ON TABLE  bluebook.rejects IS 'Records that failed their checks, as the publisher wrote them';
COMMENT ON COLUMN bluebook.rejects.original IS 'The record''s bytes in the file (cut at 64 KiB, and at 256 bytes once 16 MiB of the release''s are kept)';
COMMENT ON COLUMN bluebook.rejects.pending IS
    'Written while a held release is read again to be published; takes the place of the others when it is';

CREATE TABLE bluebook.gaps (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset      text NOT NULL REFERENCES bluebook.datasets,
    missing_from timestamptz NOT NULL,
    missing_to   timestamptz NOT NULL CHECK (missing_to >= missing_from),
    noticed_at   timestamptz NOT NULL DEFAULT now(),
    closed_at    timestamptz
);
CREATE UNIQUE INDEX gaps_open_once ON bluebook.gaps (dataset, missing_from, missing_to) WHERE closed_at IS NULL;
COMMENT ON TABLE  bluebook.gaps IS
    'What a dataset''s calendar misses: for thirty days the publisher is asked again, for the file or for the period';
COMMENT ON COLUMN bluebook.gaps.missing_from IS 'First value that is missing; a day is its beginning in UTC';
COMMENT ON COLUMN bluebook.gaps.missing_to IS 'Last value that is missing';
COMMENT ON COLUMN bluebook.gaps.noticed_at IS 'When it was first missed; what is left of a gap is as old as the gap';
COMMENT ON COLUMN bluebook.gaps.closed_at IS 'When a release was seen that has the values, or when the calendar no longer asks for them';

-- ---------------------------------------------------------------- what was reported

CREATE TABLE bluebook.editions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    report     text NOT NULL,
    title      text NOT NULL,
    run        bigint REFERENCES bluebook.runs,
    slot       timestamptz,
    burst_key  text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT editions_one_per_slot UNIQUE (report, slot, burst_key)
);
CREATE INDEX editions_by_run ON bluebook.editions (run);
COMMENT ON TABLE  bluebook.editions IS 'One rendering of a report for one slot; a request without a slot makes an edition of its own';
COMMENT ON COLUMN bluebook.editions.slot IS 'The moment that it was due; empty when a person asked';

CREATE TABLE bluebook.edition_files (
    edition    bigint NOT NULL REFERENCES bluebook.editions ON DELETE CASCADE,
    name       text NOT NULL,
    media_type text NOT NULL,
    artifact   bigint NOT NULL REFERENCES bluebook.artifacts,
    PRIMARY KEY (edition, name)
);
COMMENT ON TABLE bluebook.edition_files IS 'The files of an edition, kept in the archive byte for byte';

CREATE TABLE bluebook.edition_releases (
    edition bigint NOT NULL REFERENCES bluebook.editions ON DELETE CASCADE,
    dataset text NOT NULL REFERENCES bluebook.datasets,
    release bigint NOT NULL REFERENCES bluebook.releases,
    PRIMARY KEY (edition, dataset)
);
COMMENT ON TABLE bluebook.edition_releases IS 'Which release of each dataset an edition was computed from';

CREATE TABLE bluebook.deliveries (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    edition      bigint NOT NULL REFERENCES bluebook.editions ON DELETE CASCADE,
    recipient    text NOT NULL,
    state        text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts     integer NOT NULL DEFAULT 0,
    error        text,
    delivered_at timestamptz,
    UNIQUE (edition, recipient)
);
COMMENT ON TABLE  bluebook.deliveries IS 'One edition to one recipient: the outbox';
COMMENT ON COLUMN bluebook.deliveries.recipient IS 'disk:PATH for a file under the reports folder';

-- ---------------------------------------------------------------- who is told

CREATE TABLE bluebook.conditions (
    job       text PRIMARY KEY,
    condition text NOT NULL DEFAULT 'good' CHECK (condition IN ('good', 'held', 'failing')),
    checks    text[] NOT NULL DEFAULT '{}',
    since     timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE  bluebook.conditions IS 'How each job stands; judged in the transaction in which a run ends or a release is discarded';
COMMENT ON COLUMN bluebook.conditions.condition IS
    'failing: its last run failed for good; held: a release waits for a person; good: neither';
COMMENT ON COLUMN bluebook.conditions.checks IS 'The expectations that hold its release';
COMMENT ON COLUMN bluebook.conditions.since IS 'When it last became what it is';

CREATE TABLE bluebook.changes (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job          text NOT NULL,
    title        text NOT NULL,
    before       text NOT NULL CHECK (before IN ('good', 'held', 'failing')),
    after        text NOT NULL CHECK (after IN ('good', 'held', 'failing')),
    since        timestamptz NOT NULL,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    run          bigint REFERENCES bluebook.runs ON DELETE SET NULL,
    release      bigint REFERENCES bluebook.releases ON DELETE SET NULL,
    facts        jsonb NOT NULL,
    addressed_at timestamptz
);
CREATE INDEX changes_unaddressed ON bluebook.changes (id) WHERE addressed_at IS NULL;
CREATE INDEX changes_by_run ON bluebook.changes (run);
CREATE INDEX changes_by_release ON bluebook.changes (release);
COMMENT ON TABLE  bluebook.changes IS 'Each change of a job''s condition: what people are told of, once';
COMMENT ON COLUMN bluebook.changes.title IS 'The dataset''s or report''s title at that time';
COMMENT ON COLUMN bluebook.changes.since IS 'When the condition before began';
COMMENT ON COLUMN bluebook.changes.facts IS 'error, findings, counts and state of the release, as they were: what a notice says';
COMMENT ON COLUMN bluebook.changes.addressed_at IS 'When a daemon made one notice for each of its channels of it';

CREATE TABLE bluebook.notices (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    change     bigint NOT NULL REFERENCES bluebook.changes ON DELETE CASCADE,
    channel    text NOT NULL,
    state      text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'dead')),
    attempts   integer NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL DEFAULT clock_timestamp(),
    made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at    timestamptz,
    error      text,
    CONSTRAINT notices_one_per_channel UNIQUE (change, channel),
    CONSTRAINT notices_sent_has_time CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX notices_pending ON bluebook.notices (not_before, id) WHERE state = 'pending';
COMMENT ON TABLE  bluebook.notices IS 'One change through one channel: the outbox';
COMMENT ON COLUMN bluebook.notices.channel IS 'A mail address, a program, or a host with a fingerprint of its URL; never a secret';
COMMENT ON COLUMN bluebook.notices.state IS 'dead: given up, as it was refused for good or could not be sent for three days';
COMMENT ON COLUMN bluebook.notices.not_before IS 'No daemon sends it before; whoever takes it moves this beyond the longest sending';
COMMENT ON COLUMN bluebook.notices.error IS 'The last failure in words';

CREATE FUNCTION bluebook.tell_notifiers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('bluebook_changes', '');
    RETURN NULL;
END $$;
CREATE TRIGGER changes_tell_notifiers AFTER INSERT ON bluebook.changes
    FOR EACH ROW EXECUTE FUNCTION bluebook.tell_notifiers();

-- ---------------------------------------------------------------- who may do what, and who did

CREATE TABLE bluebook.users (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login               text NOT NULL CHECK (login = btrim(login) AND login <> ''),
    name                text NOT NULL,
    role                text NOT NULL CHECK (role IN ('viewer', 'editor', 'admin')),
    password            text,
    password_changed_at timestamptz,
    disabled_at         timestamptz,
    created_at          timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_login ON bluebook.users (lower(login));
COMMENT ON TABLE  bluebook.users IS 'People who may sign in to the admin site';
COMMENT ON COLUMN bluebook.users.password IS 'argon2id in PHC form; empty until the person has set one';

CREATE TABLE bluebook.sessions (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id    bigint NOT NULL REFERENCES bluebook.users ON DELETE CASCADE,
    csrf       bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    address    text,
    browser    text
);
CREATE INDEX sessions_by_user ON bluebook.sessions (user_id);
COMMENT ON TABLE  bluebook.sessions IS 'Signed-in browsers; the cookie''s token is kept only as its SHA-256';

CREATE TABLE bluebook.sign_in_links (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id    bigint NOT NULL REFERENCES bluebook.users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
COMMENT ON TABLE bluebook.sign_in_links IS 'One-time links: how an account is entered before it has a password';

CREATE TABLE bluebook.sign_in_attempts (
    key           text PRIMARY KEY,
    failures      integer NOT NULL,
    since         timestamptz NOT NULL DEFAULT now(),
    blocked_until timestamptz
);
COMMENT ON TABLE  bluebook.sign_in_attempts IS
    'Failed sign-ins, counted for accounts that exist and for those that do not alike';
COMMENT ON COLUMN bluebook.sign_in_attempts.key IS 'login:SHA-256 of what was typed, or address:ADDRESS';

CREATE TABLE bluebook.audit (
    id        bigint PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    user_id   bigint REFERENCES bluebook.users,
    who       text NOT NULL,
    action    text NOT NULL,
    subject   text,
    row_key   jsonb,
    before    jsonb,
    after     jsonb,
    request   text,
    previous  bytea NOT NULL,
    hash      bytea NOT NULL
);
CREATE INDEX audit_by_row ON bluebook.audit (subject, row_key);
COMMENT ON TABLE  bluebook.audit IS 'Who did what: append-only, each line carrying the hash of the one before';
COMMENT ON COLUMN bluebook.audit.subject IS 'schema.table, report:NAME, dataset:NAME or user';
COMMENT ON COLUMN bluebook.audit.before IS 'Old values of the changed columns; sensitive ones read "hidden"';

CREATE FUNCTION bluebook.chain_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('bluebook.audit', 0));
    NEW.previous := coalesce((SELECT hash FROM bluebook.audit ORDER BY id DESC LIMIT 1), '\x');
    NEW.id := coalesce((SELECT max(id) FROM bluebook.audit), 0) + 1;
    NEW.hash := sha256(NEW.previous || convert_to(jsonb_build_array(NEW.id, NEW.at AT TIME ZONE 'UTC', NEW.user_id,
        NEW.who, NEW.action, NEW.subject, NEW.row_key, NEW.before, NEW.after, NEW.request)::text, 'UTF8'));
    RETURN NEW;
END $$;
CREATE TRIGGER audit_chain BEFORE INSERT ON bluebook.audit
    FOR EACH ROW EXECUTE FUNCTION bluebook.chain_audit();

CREATE FUNCTION bluebook.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'bluebook.audit is append-only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bluebook.audit
    FOR EACH STATEMENT EXECUTE FUNCTION bluebook.refuse_audit_change();

-- ---------------------------------------------------------------- how it is found

CREATE FUNCTION bluebook.plain(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT replace(regexp_replace(normalize(lower(words), NFKD), '[\u0300-\u036f]', '', 'g'), 'ß', 'ss')
$$;
COMMENT ON FUNCTION bluebook.plain(text) IS
    'Small letters without accents. The admin searches through it: an index on plain(column) makes that quick';
