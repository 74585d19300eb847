//! Reading schedules.toml: all mistakes at once, each with its place.

use std::{collections::BTreeSet, str::FromStr, time::Duration};

use jiff::tz::{self, TimeZone};
use parsers::{
    Diagnostic, Name,
    section::{self, Section, nearest},
};

use super::{CatchUp, Overlap, Schedule, Schedules};

/// How many slots `catch_up = "all"` runs if the file does not say.
const MOST: u64 = 100;

impl Schedules {
    /// Reads the text of `file`. Schedules with mistakes are left out; the others stand.
    pub fn parse(file: &str, text: &str) -> (Self, Vec<Diagnostic>) {
        let (listed, mistakes) = section::read(file, text, |root| {
            let mut names = BTreeSet::new();
            let sections = root.tables("schedule");
            Some(sections.iter().filter_map(|section| schedule(section, &mut names)).collect())
        });
        (Self { listed: listed.unwrap_or_default(), whole: mistakes.is_empty() }, mistakes)
    }
}

fn schedule(section: &Section<'_>, names: &mut BTreeSet<Name>) -> Option<Schedule> {
    let name = section.parsed::<Name>("name").filter(|name| is_new(section, name, names));
    let job = section.parsed("job");
    let cron = section.parsed("cron");
    let zone = or(section, "time_zone", section.optional_parsed("time_zone"), Zone(TimeZone::UTC));
    let catch_up = catch_up(section);
    let window = section.optional::<Duration>("catch_up_window");
    let overlap = overlap(section, catch_up);
    let jitter = section.optional("jitter").unwrap_or_default();
    Some(Schedule {
        name: name?,
        job: job?,
        cron: cron?,
        zone: zone?.0,
        catch_up: catch_up?,
        window,
        overlap: overlap?,
        jitter,
        job_span: section.span("job"),
    })
}

fn is_new(section: &Section<'_>, name: &Name, names: &mut BTreeSet<Name>) -> bool {
    let new = names.insert(name.clone());
    if !new {
        let help = "slots are kept under the schedule's name: give each its own".to_owned();
        section.mistake("name", format!("there is another schedule {name} above"), Some(help));
    }
    new
}

fn catch_up(section: &Section<'_>) -> Option<CatchUp> {
    let most = section.optional::<u64>("catch_up_max");
    let words = [
        ("none", CatchUp::None),
        ("latest", CatchUp::Latest),
        ("all", CatchUp::All { most: usize::try_from(most.unwrap_or(MOST)).unwrap_or(usize::MAX) }),
    ];
    let policy = or(section, "catch_up", section.optional_word("catch_up", &words), CatchUp::Latest)?;
    if most.is_some() && !matches!(policy, CatchUp::All { .. }) {
        section.mistake("catch_up_max", "`catch_up_max` is for `catch_up = \"all\"` only", None);
    }
    Some(policy)
}

fn overlap(section: &Section<'_>, catch_up: Option<CatchUp>) -> Option<Overlap> {
    let words = [("skip", Overlap::Skip), ("queue", Overlap::Queue)];
    let chosen = or(section, "overlap", section.optional_word("overlap", &words), Overlap::Skip)?;
    if matches!(catch_up, Some(CatchUp::All { .. })) && chosen == Overlap::Skip {
        let help = "write `overlap = \"queue\"`, or catch up the latest only".to_owned();
        section.mistake("catch_up", "slots that are caught up would make the next ones be skipped", Some(help));
        return None;
    }
    Some(chosen)
}

/// What was read; the default where nothing is written; none where what is written is a mistake.
fn or<T>(section: &Section<'_>, key: &str, read: Option<T>, default: T) -> Option<T> {
    read.or_else(|| (!section.has(key)).then_some(default))
}

/// A zone of the system's zone database.
struct Zone(TimeZone);

impl FromStr for Zone {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        TimeZone::get(name).map(Self).map_err(|_unknown| {
            let known: Vec<String> = tz::db().available().map(|zone| zone.as_str().to_owned()).collect();
            let near = nearest(name, known.iter().map(String::as_str));
            let help = near.map_or_else(
                || "write its name as in \"Europe/Berlin\", or \"UTC\"".to_owned(),
                |near| format!("did you mean {near:?}?"),
            );
            format!("{name:?} is no time zone of this machine's zone database; {help}")
        })
    }
}

#[cfg(test)]
mod tests;
