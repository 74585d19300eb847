//! `bluebook migrate`

use super::{Exit, out};
use crate::{
    boot::Database,
    config::{Home, Settings},
    datasets::Datasets,
    db::{
        Connector, PgSession,
        migrations::{self, Set},
    },
    ingest,
};

/// Which tables.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Also make the six customer tables; refused where one of them exists.
    #[arg(long)]
    customers: bool,
}

pub(super) async fn run(settings: Settings, args: Args) -> anyhow::Result<Exit> {
    let database = Database::open(&settings).await?;
    let migrated = migrate(&database.connector, &settings.home(), args.customers).await;
    database.close().await?;
    migrated
}

async fn migrate(connector: &Connector, home: &Home, customers: bool) -> anyhow::Result<Exit> {
    let mut applied = migrations::apply(connector, Set::System).await?;
    if customers {
        applied.extend(migrations::apply(connector, Set::Customers).await?);
    }
    for migration in &applied {
        out::line(format_args!("applied {migration}"));
    }
    if applied.is_empty() {
        out::line("nothing to do: the tables are up to date");
    }
    let stuck = shape(connector, home).await?;
    Ok(if stuck { Exit::Failed } else { Exit::Good })
}

/// Brings the datasets' tables that are there to their definitions, as their next runs would. Definitions with
/// mistakes are off. Says whether a table could not follow.
async fn shape(connector: &Connector, home: &Home) -> anyhow::Result<bool> {
    if !home.datasets().is_dir() {
        return Ok(false);
    }
    let (datasets, _mistakes) = Datasets::load(home);
    let mut session = PgSession::open(connector).await?;
    let mut stuck = false;
    for dataset in datasets.iter() {
        if !ingest::is_there(&mut session, dataset).await? {
            continue;
        }
        match ingest::shape(&mut session, dataset).await {
            Ok(shaped) => shaped.notes.iter().for_each(|note| out::note(format_args!("{}: {note}", dataset.name))),
            Err(error) => {
                out::failure(&error.into());
                stuck = true;
            }
        }
    }
    Ok(stuck)
}
