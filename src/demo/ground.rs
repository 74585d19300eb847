//! What the demo stands on: a state folder and a home folder of its own.

use std::{
    fs::{self, File, TryLockError},
    net::TcpListener,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use diesel::sql_types::Bool;

use super::{
    address::SECRET,
    releases::{self, Release},
};
use crate::{
    boot::{self, Database},
    config::{Home, Settings, StateDir},
    datasets::Datasets,
    db::{
        PgSession, RunQueryDsl as _,
        migrations::{self, Set},
    },
    postgres,
};

/// The demo's settings, and what its publisher has.
pub(super) struct Ground {
    pub(super) settings: Settings,
    /// The admin site's address, taken before anyone is told of it.
    pub(super) listener: TcpListener,
    pub(super) releases: Vec<Release>,
    pub(super) position: PathBuf,
}

/// Makes folders and settings ready. The demo keeps to its own folder, `demo` in the state folder.
pub(super) async fn prepare(mut settings: Settings, fresh: bool) -> anyhow::Result<Ground> {
    let home = settings.home();
    let state = StateDir::new(Some(&settings.state().path().join("demo")));
    if fresh {
        let (state, binaries) = (state.clone(), settings.pg_bindir.clone());
        tokio::task::spawn_blocking(move || forget(&state, binaries.as_deref())).await??;
    }
    if settings.database().is_some() {
        only_our_own(&settings).await?;
    }
    settings.state().create()?;
    state.create().with_context(|| format!("cannot make the folder {}", state.path().display()))?;
    let (datasets, _shown_by_check) = Datasets::load(&home);
    let releases = releases::load(&home.path().join("demo/releases"), &datasets)?;
    settings.home = Some(overlay(&home, &state)?);
    settings.credentials_dir = Some(secrets(&releases, &datasets, &state)?);
    settings.state_dir = Some(state.path().to_owned());
    let listener = boot::listen(&settings)?;
    settings.listen = listener.local_addr()?;
    // What the demo replays is news to nobody, whoever the environment says is told of things.
    settings.notify.clear();
    settings.fetch_distance_ms = 0;
    Ok(Ground { settings, listener, releases, position: state.path().join("publisher") })
}

/// A home like the product's, but with the demo's schedules.
fn overlay(home: &Home, state: &StateDir) -> anyhow::Result<PathBuf> {
    let product = home.path().canonicalize().with_context(|| format!("there is no {}", home.path().display()))?;
    let own = state.path().join("home");
    if own.exists() {
        fs::remove_dir_all(&own)?;
    }
    fs::create_dir(&own)?;
    for (name, place) in [
        ("schedules.toml", "demo/schedules.toml"),
        ("admin.toml", "admin.toml"),
        ("parsers", "parsers"),
        ("templates", "templates"),
    ] {
        symlink(product.join(place), own.join(name)).with_context(|| format!("cannot link {name}"))?;
    }
    Ok(own)
}

/// The secrets that the demo's own publisher asks for, and no others.
fn secrets(releases: &[Release], datasets: &Datasets, state: &StateDir) -> anyhow::Result<PathBuf> {
    let folder = state.path().join("secrets");
    fs::create_dir_all(&folder)?;
    let shown =
        datasets.iter().filter(|dataset| releases.iter().any(|release| release.dataset == dataset.name.as_str()));
    for name in shown.flat_map(|dataset| dataset.source.manner.secrets()) {
        fs::write(folder.join(name.as_str()), SECRET).with_context(|| format!("cannot write the secret {name}"))?;
    }
    Ok(folder)
}

/// Removes the demo's folder, unless a demo runs in it.
fn forget(state: &StateDir, binaries: Option<&Path>) -> anyhow::Result<()> {
    if !state.path().exists() {
        return Ok(());
    }
    // A server that a killed demo left behind is taken over and stopped first.
    if state.postgres().exists() {
        postgres::Server::join(state, binaries)?.leave()?;
    }
    let users = File::open(state.path().join("postgres.users"));
    if users.is_ok_and(|users| matches!(users.try_lock(), Err(TryLockError::WouldBlock))) {
        bail!("a demo is running in {}: stop it first", state.path().display());
    }
    fs::remove_dir_all(state.path()).with_context(|| format!("cannot remove {}", state.path().display()))
}

#[derive(diesel::QueryableByName)]
struct Verdict {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

/// Invented customers, and an account for whoever follows a link, have no place in a database that is somebody's.
async fn only_our_own(settings: &Settings) -> anyhow::Result<()> {
    let connector = Database::open(settings).await?.connector;
    let mut session = PgSession::open(&connector).await?;
    let made = "SELECT to_regclass('bluebook.users') IS NOT NULL AS yes";
    let made: Verdict = diesel::sql_query(made).get_result(&mut session).await?;
    if !made.yes {
        migrations::apply(&connector, Set::System).await?;
        return Ok(());
    }
    let theirs: Verdict = diesel::sql_query(include_str!("strangers.sql")).get_result(&mut session).await?;
    if theirs.yes {
        bail!(
            "DATABASE_URL names a database that is in use: give the demo an empty one, or unset it for a private server"
        );
    }
    Ok(())
}
