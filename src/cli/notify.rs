//! `bluebook notify`

use anyhow::bail;

use super::{Exit, out};
use crate::{
    boot::{self, Database},
    config::Settings,
    db::{PgSession, conditions, notices},
    notify::Desk,
};

/// What to do about notices.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Send a test through each channel, and say what came of it.
    Test,
    /// List what people were told, or are still to be told, the newest first.
    List {
        /// At most so many.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
        limit: u16,
    },
    /// Send once more what was given up.
    Retry,
}

pub(super) async fn run(settings: Settings, command: Command) -> anyhow::Result<Exit> {
    if matches!(command, Command::Test) {
        return test(&settings).await;
    }
    let database = Database::open(&settings).await?;
    database.ready().await?;
    let mut session = PgSession::open(&database.connector).await?;
    let done = match command {
        Command::List { limit } => list(&mut session, limit).await,
        Command::Retry | Command::Test => retry(&mut session).await,
    };
    drop(session);
    database.close().await?;
    done.map(|()| Exit::Good)
}

/// Asks no database: whether people can be told does not hang on it.
async fn test(settings: &Settings) -> anyhow::Result<Exit> {
    let channels = boot::channels(settings)?;
    if channels.is_empty() {
        bail!("there is nobody to tell: name a channel with --notify, such as mailto:ADDRESS");
    }
    let desk = Desk::new(settings.site())?;
    let mut exit = Exit::Good;
    for channel in channels.iter() {
        let news = desk.test()?;
        match channel.send(&news).await {
            Ok(()) => out::line(format_args!("told    {}", channel.label())),
            Err(error) => {
                out::line(format_args!("failed  {}: {error}", channel.label()));
                exit = Exit::Failed;
            }
        }
    }
    Ok(exit)
}

async fn list(session: &mut PgSession, limit: u16) -> anyhow::Result<()> {
    let changes = conditions::changes(session, None, limit.into()).await?;
    let ids: Vec<i64> = changes.iter().map(|change| change.id).collect();
    let notices = notices::of_changes(session, &ids).await?;
    let mut rows = Vec::new();
    for change in &changes {
        let at = change.at.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let what = format!("{} > {}", change.before, change.after);
        let mut told: Vec<String> = notices.iter().filter(|notice| notice.change == change.id).map(of).collect();
        if told.is_empty() {
            told.push("nobody yet".to_owned());
        }
        rows.extend(told.into_iter().map(|told| vec![at.clone(), change.job.clone(), what.clone(), told]));
    }
    out::table(&["when", "job", "change", "told"], &rows);
    Ok(())
}

fn of(notice: &notices::NoticeRow) -> String {
    let error = notice.error.as_deref().map(|error| format!(": {error}")).unwrap_or_default();
    format!("{} {}{error}", notice.state, notice.channel)
}

async fn retry(session: &mut PgSession) -> anyhow::Result<()> {
    let count = notices::revive(session).await?;
    out::note(format_args!("{count} notices that were given up are sent again by the next daemon"));
    Ok(())
}
