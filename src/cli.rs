//! The command line: one struct that says all of it, and one file a command.

use std::{process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};

use crate::{config, config::Settings, telemetry};
use signals::Signals;

mod backfill;
mod check;
mod dataset;
mod demo;
mod doctor;
mod ingest;
mod load;
mod migrate;
mod notify;
pub(crate) mod out;
mod own_run;
mod progress;
mod release;
mod replay;
mod report;
mod restore;
mod run;
mod schedule;
mod serve;
mod signals;
mod trace;
mod user;
mod verify;

/// Keeps a PostgreSQL database true to what governments publish.
///
/// A schedule says when, a dataset file says what: Bluebook fetches, keeps the bytes, checks, publishes, and sends
/// reports; staff edit the company's own tables beside the data. `bluebook demo` shows all of it.
#[derive(Debug, Parser)]
#[command(name = "bluebook", version, max_term_width = 110, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Settings,
}

/// How long work on blocking threads may go on after the command has ended.
const LONGEST_GOODBYE: Duration = Duration::from_secs(10);

const EXIT_CODES: &str = "Exit codes: 0 good, 1 failed, 2 wrong usage, 3 a release is held and waits for a person.\n\
     Settings are also read from the environment and from the file .env in the working folder.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run scheduler, worker and admin site until told to stop.
    Serve(serve::Args),
    /// Show everything at work: real releases, replayed by a publisher on this machine.
    Demo(demo::Args),
    /// Fetch one dataset now, or load a file given, and print the counts.
    Ingest(ingest::Args),
    /// Read a dataset's archived artifacts again and compare the whole table; needs no network.
    Replay(replay::Args),
    /// Fetch the files of past periods, of a dataset whose URL has a date; what the schedule remembers stays as it is.
    Backfill(backfill::Args),
    /// Publish again, release after release, what the archive's manifests tell: into an empty database.
    Restore(restore::Args),
    /// Show where a row comes from: its versions, releases, files, and the records as the publisher wrote them.
    Trace(trace::Args),
    /// Hold datasets' tables against what was published.
    #[command(subcommand)]
    Dataset(dataset::Command),
    /// Look at releases, and decide about those that are held.
    #[command(subcommand)]
    Release(release::Command),
    /// Look at runs, and cancel them.
    #[command(subcommand)]
    Run(run::Command),
    /// Make an edition of a report now.
    Report(report::Args),
    /// Show every mistake in schedules.toml, admin.toml, datasets, reports, templates and SQL, each with its place.
    Check(check::Args),
    /// Bring the database's tables up to date.
    Migrate(migrate::Args),
    /// Manage the people who may sign in.
    #[command(subcommand)]
    User(user::Command),
    /// Look at schedules, pause and resume them.
    #[command(subcommand)]
    Schedule(schedule::Command),
    /// See whether people can be told, and of what they were told.
    #[command(subcommand)]
    Notify(notify::Command),
    /// Say what this installation stands on, and what would help where it is shaky.
    Doctor(doctor::Args),
    /// Hold what must always be so against database and archive; changes nothing.
    Verify(verify::Args),
}

/// How a command ended, as the shell sees it. Wrong usage is 2 and comes from the argument parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: done.
    Good,
    /// 1: it was said already what went wrong.
    Failed,
    /// 2: it was said already what cannot be asked for.
    Usage,
    /// 3: a release is held.
    Held,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Good => Self::SUCCESS,
            Exit::Failed => Self::FAILURE,
            Exit::Usage => Self::from(2),
            Exit::Held => Self::from(3),
        }
    }
}

/// Runs the program: `.env`, arguments, logs, then the command.
pub fn run() -> ExitCode {
    if let Err(error) = config::read_env_file() {
        out::failure(&error.into());
        return ExitCode::from(2);
    }
    let cli = Cli::parse();
    telemetry::start(&cli.settings, matches!(cli.command, Command::Serve(_)));
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return failed(&anyhow::Error::from(error).context("cannot start the runtime")).into();
        }
    };
    let ended = runtime.block_on(cli.command.run(cli.settings));
    // Who is stopped while waiting for a server to start does not wait for it to the end.
    runtime.shutdown_timeout(LONGEST_GOODBYE);
    ended.unwrap_or_else(|error| failed(&error)).into()
}

fn failed(error: &anyhow::Error) -> Exit {
    out::failure(error);
    Exit::Failed
}

impl Command {
    /// Whether the command lives until it is told to stop, and minds signals itself.
    fn lives(&self) -> bool {
        matches!(self, Self::Serve(_) | Self::Demo(_))
    }

    async fn run(self, settings: Settings) -> anyhow::Result<Exit> {
        let signals = Signals::default();
        if self.lives() {
            return self.dispatch(settings, &signals).await;
        }
        signals.mind(self.dispatch(settings, &signals)).await
    }

    async fn dispatch(self, settings: Settings, signals: &Signals) -> anyhow::Result<Exit> {
        match self {
            Self::Serve(args) => Box::pin(serve::run(settings, args)).await,
            Self::Demo(args) => Box::pin(demo::run(settings, args)).await,
            Self::Ingest(args) => Box::pin(ingest::run(settings, args, signals)).await,
            Self::Replay(args) => Box::pin(replay::run(settings, args, signals)).await,
            Self::Backfill(args) => Box::pin(backfill::run(settings, args, signals)).await,
            Self::Restore(args) => Box::pin(restore::run(settings, args, signals)).await,
            Self::Trace(args) => Box::pin(trace::run(settings, args)).await,
            Self::Dataset(command) => Box::pin(dataset::run(settings, command, signals)).await,
            Self::Release(command) => Box::pin(release::run(settings, command, signals)).await,
            Self::Run(command) => Box::pin(run::run(settings, command)).await,
            Self::Report(args) => Box::pin(report::run(settings, args, signals)).await,
            Self::Check(args) => Box::pin(check::run(settings, args)).await,
            Self::Migrate(args) => Box::pin(migrate::run(settings, args)).await,
            Self::User(command) => Box::pin(user::run(settings, command)).await,
            Self::Schedule(command) => Box::pin(schedule::run(settings, command)).await,
            Self::Notify(command) => Box::pin(notify::run(settings, command)).await,
            Self::Doctor(args) => Box::pin(doctor::run(settings, args)).await,
            Self::Verify(args) => Box::pin(verify::run(settings, args)).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_setting_has_a_flag_an_environment_variable_and_a_help_text() {
        for arg in Cli::command().get_arguments().filter(|arg| !["help", "version"].contains(&arg.get_id().as_str())) {
            let id = arg.get_id();
            assert!(arg.get_long().is_some() && arg.get_env().is_some(), "{id} needs a flag and a variable");
            assert!(arg.get_help().is_some(), "{id} needs a help text");
        }
    }
}
