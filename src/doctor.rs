//! `bluebook doctor`: what is this program standing on?

mod database;
mod machine;

use crate::{
    boot::{Database, House},
    config::Settings,
};

/// How well something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Ok,
    /// Works, but somebody should know.
    Warn,
    /// Does not work, or will not for long.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug)]
pub struct Line {
    /// How it stands.
    pub health: Health,
    /// What was looked at.
    pub what: &'static str,
    /// What was found.
    pub found: String,
    /// What would help, where something is not as it should be.
    pub help: Option<String>,
}

impl Line {
    fn ok(what: &'static str, found: impl Into<String>) -> Self {
        Self { health: Health::Ok, what, found: found.into(), help: None }
    }

    fn warn(what: &'static str, found: impl Into<String>, help: impl Into<String>) -> Self {
        Self { health: Health::Warn, what, found: found.into(), help: Some(help.into()) }
    }

    fn bad(what: &'static str, found: impl Into<String>, help: impl Into<String>) -> Self {
        Self { health: Health::Bad, what, found: found.into(), help: Some(help.into()) }
    }
}

/// Looks at the machine, then at the database and what the daemons have left in it.
pub async fn examine(settings: Settings) -> Vec<Line> {
    let mut lines = machine::examine(&settings);
    if !Database::exists(&settings) {
        let help = "the first `bluebook serve` makes a private server, or give a DATABASE_URL";
        lines.push(Line::warn("database", "there is none yet", help));
        return lines;
    }
    match House::open(settings).await {
        Ok(house) => {
            lines.extend(database::examine(&house).await);
            if let Err(error) = house.close().await {
                lines.push(Line::bad("database", format!("{error:#}"), "see the server's log in the state folder"));
            }
        }
        Err(error) => lines.push(Line::bad("database", format!("{error:#}"), "nothing runs without it")),
    }
    lines
}
