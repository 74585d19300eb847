//! `bluebook migrate`

use super::{Exit, out};
use crate::{
    boot::Database,
    config::Settings,
    db::{
        Connector,
        migrations::{self, Set},
    },
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
    let migrated = migrate(&database.connector, args.customers).await;
    database.close().await?;
    migrated
}

async fn migrate(connector: &Connector, customers: bool) -> anyhow::Result<Exit> {
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
    Ok(Exit::Good)
}
