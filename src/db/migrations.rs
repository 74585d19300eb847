//! Migrations: compiled in, applied in order, one program at a time.

use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{ConnectError, Connector, PgSession, RunQueryDsl};

/// The system's own tables.
const SYSTEM: EmbeddedMigrations = embed_migrations!("migrations/bluebook");

/// The six customer tables, for companies that do not bring their own.
const CUSTOMERS: EmbeddedMigrations = embed_migrations!("migrations/customers");

/// The lock under which migrations run; any number that nobody else uses.
const LOCK: &str = "SELECT pg_advisory_lock(7216390021)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(7216390021)";

/// Which set of migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// Schema `bluebook` and what goes with it.
    System,
    /// The six customer tables.
    Customers,
}

impl Set {
    fn source(self) -> EmbeddedMigrations {
        match self {
            Self::System => SYSTEM,
            Self::Customers => CUSTOMERS,
        }
    }
}

/// A migration did not go through.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// No session.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The database refused a statement around the migrations.
    #[error("cannot prepare the database for migrations")]
    Prepare(#[from] diesel::result::Error),
    /// One migration failed; those before it stand.
    #[error("a migration failed: {0}")]
    Failed(String),
    /// The company has its own tables of these names.
    #[error("the database already has a table {0}: the six customer tables are only for databases without their own")]
    Theirs(String),
}

/// Applies what is pending, and says what that was. Holds an advisory lock, so two programs starting at once do it once.
pub async fn apply(connector: &Connector, set: Set) -> Result<Vec<String>, MigrateError> {
    within_lock(
        connector,
        async |session| {
            if set == Set::Customers {
                refuse_their_tables(session).await?;
            }
            Ok(())
        },
        move |harness| Ok(harness.run_pending_migrations(set.source())?.iter().map(ToString::to_string).collect()),
    )
    .await
}

/// Takes all migrations of a set back, newest first. For tests and for those who know what they drop.
pub async fn revert(connector: &Connector, set: Set) -> Result<Vec<String>, MigrateError> {
    within_lock(connector, async |_| Ok(()), move |harness| revert_set(harness, set)).await
}

/// Both sets are noted in one table, so diesel's own "revert all" would stumble over the other set's.
fn revert_set(harness: &mut Harness, set: Set) -> Applied {
    let applied = harness.applied_migrations()?;
    let mut known = MigrationSource::<Pg>::migrations(&set.source())?;
    known.retain(|migration| applied.contains(&migration.name().version().as_owned()));
    known.sort_by_key(|migration| std::cmp::Reverse(migration.name().version().as_owned()));
    known.iter().map(|migration| Ok(harness.revert_migration(migration)?.to_string())).collect()
}

/// What has not been applied yet. Writes nothing, so an account that may only read can ask.
pub async fn pending(connector: &Connector, set: Set) -> Result<Vec<String>, MigrateError> {
    let mut session = PgSession::open(connector).await?;
    let migrations =
        MigrationSource::<Pg>::migrations(&set.source()).map_err(|error| MigrateError::Failed(error.to_string()))?;
    let applied = applied(&mut session).await?;
    let names = migrations.iter().map(|migration| migration.name());
    let open = names.filter(|name| !applied.contains(&name.version().to_string()));
    Ok(open.map(ToString::to_string).collect())
}

async fn applied(session: &mut AsyncPgConnection) -> Result<Vec<String>, MigrateError> {
    let ever = "SELECT to_regclass('bluebook.__diesel_schema_migrations')::text AS name";
    let ever: Vec<Maybe> = diesel::sql_query(ever).load(session).await?;
    if ever.iter().all(|table| table.name.is_none()) {
        return Ok(Vec::new());
    }
    let versions = "SELECT version AS name FROM bluebook.__diesel_schema_migrations";
    let versions: Vec<Found> = diesel::sql_query(versions).load(session).await?;
    Ok(versions.into_iter().map(|row| row.name).collect())
}

#[derive(diesel::QueryableByName)]
struct Maybe {
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    name: Option<String>,
}

type Harness = AsyncMigrationHarness<PgSession>;
type Applied = diesel::migration::Result<Vec<String>>;

async fn within_lock(
    connector: &Connector,
    before: impl AsyncFnOnce(&mut AsyncPgConnection) -> Result<(), MigrateError>,
    work: impl FnOnce(&mut Harness) -> Applied + Send + 'static,
) -> Result<Vec<String>, MigrateError> {
    let mut session = PgSession::open(connector).await?;
    session.batch_execute("SET lock_timeout = 0; SET statement_timeout = 0").await?;
    session.batch_execute(LOCK).await?;
    session.batch_execute("CREATE SCHEMA IF NOT EXISTS bluebook; SET search_path = bluebook").await?;
    before(&mut session).await?;
    let mut harness = AsyncMigrationHarness::new(session);
    let (applied, mut session) = tokio::task::spawn_blocking(move || (work(&mut harness), harness.into_inner()))
        .await
        .map_err(|error| MigrateError::Failed(error.to_string()))?;
    session.batch_execute(UNLOCK).await?;
    applied.map_err(|error| MigrateError::Failed(error.to_string()))
}

/// The names of the six tables, in the order in which they were always listed.
pub const CUSTOMER_TABLES: [&str; 6] =
    ["customer", "customer_meter_detail", "registry", "address", "contact", "customer_bank_detail"];

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

async fn refuse_their_tables(session: &mut AsyncPgConnection) -> Result<(), MigrateError> {
    let found: Vec<Found> = diesel::sql_query(include_str!("their_tables.sql"))
        .bind::<diesel::sql_types::Array<diesel::sql_types::Text>, _>(CUSTOMER_TABLES.to_vec())
        .bind::<diesel::sql_types::Array<diesel::sql_types::Text>, _>(customer_versions()?)
        .load(session)
        .await?;
    found.into_iter().next().map_or(Ok(()), |table| Err(MigrateError::Theirs(table.name)))
}

fn customer_versions() -> Result<Vec<String>, MigrateError> {
    let ours = MigrationSource::<Pg>::migrations(&CUSTOMERS);
    let ours = ours.map_err(|error| MigrateError::Failed(error.to_string()))?;
    Ok(ours.iter().map(|migration| migration.name().version().to_string()).collect())
}
