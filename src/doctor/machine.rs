//! The machine: folders, space, programs, zones, certificates.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use jiff::tz::TimeZone;
use nix::{sys::statvfs::statvfs, unistd::AccessFlags};

use super::Line;
use crate::{
    admin::setup::Setup,
    config::Settings,
    datasets::{Datasets, Off},
    notify::{Channel, Channels},
    postgres,
    schedules::Schedules,
};

/// Below this much free space an ingest can fail at any moment, and below the second a large one can.
const LITTLE: u64 = 1 << 30;
const SOME: u64 = 10 << 30;

/// Where systems keep the certificates that they trust.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

pub(super) fn examine(settings: &Settings) -> Vec<Line> {
    let mut lines = vec![Line::ok("bluebook", env!("CARGO_PKG_VERSION")), home(settings), state(settings)];
    lines.extend(space(settings));
    lines.extend([zones(), certificates(), site(settings), channels(settings)]);
    lines.extend(secrets(settings));
    if settings.database().is_none() {
        lines.push(programs(settings));
    }
    lines
}

fn home(settings: &Settings) -> Line {
    let home = settings.home();
    let folder = home.path().display().to_string();
    let (datasets, mut mistakes) = Datasets::load(&home);
    let (schedules, found) = Schedules::load(&home);
    mistakes.extend(found);
    mistakes.extend(Setup::load(&home).1);
    if !home.schedules().exists() {
        return Line::bad("home", format!("{folder} has no schedules.toml"), "name the right folder with --home");
    }
    let found = format!("{folder}: {} datasets, {} schedules", datasets.iter().count(), schedules.iter().count());
    match mistakes.len() {
        0 => Line::ok("home", found),
        many => Line::warn("home", format!("{found}, {many} mistakes"), "`bluebook check` shows them"),
    }
}

fn state(settings: &Settings) -> Line {
    let state = settings.state();
    let folder = state.path().display();
    let Ok(meta) = fs::metadata(state.path()) else {
        return Line::warn("state", format!("{folder} is not there yet"), "the first command that needs it makes it");
    };
    if nix::unistd::access(state.path(), AccessFlags::W_OK).is_err() {
        return Line::bad("state", format!("{folder} may not be written to"), "give it to the account that runs this");
    }
    match meta.permissions().mode() & 0o066 {
        0 => Line::ok("state", folder.to_string()),
        _ => Line::warn("state", format!("others may read or write {folder}"), format!("chmod go-rw {folder}")),
    }
}

fn space(settings: &Settings) -> Option<Line> {
    let state = settings.state();
    let there = state.path().ancestors().find(|folder| folder.exists())?;
    let system = statvfs(there).ok()?;
    let free = system.blocks_available() * system.fragment_size();
    let found = format!("{} GB free at {}", free >> 30, there.display());
    let help = "the archive keeps every file: give it more room, or set a retention";
    Some(if free < LITTLE {
        Line::bad("disk", found, help)
    } else if free < SOME {
        Line::warn("disk", found, help)
    } else {
        Line::ok("disk", found)
    })
}

fn zones() -> Line {
    if ["Europe/Madrid", "America/New_York", "Australia/Brisbane"].iter().all(|zone| TimeZone::get(zone).is_ok()) {
        return Line::ok("time zones", "the system's database has them");
    }
    Line::bad("time zones", "the system has no time zone database", "apt-get install tzdata")
}

fn certificates() -> Line {
    if let Some(bundle) = BUNDLES.into_iter().find(|bundle| Path::new(bundle).exists()) {
        return Line::ok("certificates", bundle);
    }
    let help = "no https source can be fetched: apt-get install ca-certificates";
    Line::warn("certificates", "the system trusts nobody", help)
}

fn site(settings: &Settings) -> Line {
    let found = format!("{} on {}", settings.site(), settings.listen);
    let private = settings.listen.ip().is_loopback();
    let encrypted = settings.site().starts_with("https://");
    if private || encrypted {
        return Line::ok("admin site", found);
    }
    let help = "put a proxy with TLS before it and name its https address in --base-url";
    Line::bad("admin site", format!("{found}: passwords would cross the network in clear"), help)
}

fn channels(settings: &Settings) -> Line {
    match Channels::of(settings) {
        Err(mistakes) => Line::bad("channels", mistakes.join("; "), "nobody is told of anything: mend these settings"),
        Ok(channels) if channels.is_empty() => {
            let help = "name a channel with --notify, such as mailto:ADDRESS";
            Line::warn("channels", "nobody is told when something needs a person", help)
        }
        Ok(channels) => {
            let labels: Vec<&str> = channels.iter().map(Channel::label).collect();
            Line::ok("channels", labels.join(", "))
        }
    }
}

/// Secrets that datasets name; nothing where none is missing.
fn secrets(settings: &Settings) -> Vec<Line> {
    let (datasets, _) = Datasets::load(&settings.home());
    let line = |off: Off<'_>| {
        Line::warn("secrets", off.error.to_string(), format!("{} cannot be fetched without it", off.named()))
    };
    datasets.off(&settings.secrets()).into_iter().map(line).collect()
}

fn programs(settings: &Settings) -> Line {
    let found = postgres::installed(settings.pg_bindir.as_deref());
    let list: Vec<String> =
        found.iter().map(|(version, folder)| format!("{version} in {}", folder.display())).collect();
    if list.is_empty() {
        return Line::bad("PostgreSQL", "no server programs", "apt-get install postgresql, or give a DATABASE_URL");
    }
    Line::ok("PostgreSQL", list.join(", "))
}
