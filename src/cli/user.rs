//! `bluebook user`

use super::Exit;
use crate::config::Settings;

/// What to do with people.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add a person, and print a one-time sign-in link.
    Add {
        /// The name to sign in with.
        login: String,
        /// What the person may do: viewer, editor or admin.
        #[arg(long, default_value = "viewer")]
        role: String,
    },
    /// Print a one-time link under which a person chooses a new password.
    Passwd {
        /// The name to sign in with.
        login: String,
    },
    /// Close an account and end its sessions.
    Disable {
        /// The name to sign in with.
        login: String,
    },
}

pub(super) async fn run(_settings: Settings, _command: Command) -> anyhow::Result<Exit> {
    anyhow::bail!("`bluebook user` is not there yet")
}
