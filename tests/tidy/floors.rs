//! Who may name whom: the plan of ARCHITECTURE.md, held against every `crate::` of the code.

use super::{Text, files, nothing_in, read};

/// What everybody may name.
const GROUND: [&str; 3] = ["config", "job", "telemetry"];

/// Each room, and the rooms that it may name beside itself and the ground.
const ROOMS: [(&str, &[&str]); 24] = [
    ("job", &[]),
    ("config", &[]),
    ("telemetry", &[]),
    ("archive", &[]),
    ("datasets", &[]),
    ("postgres", &[]),
    ("view", &[]),
    ("db", &["archive", "datasets", "postgres", "view"]),
    ("schedules", &["archive", "datasets", "postgres", "view"]),
    ("trace", &["db", "archive", "datasets"]),
    ("admin", &["trace", "db", "schedules", "archive", "view", "datasets"]),
    ("notify", &["db", "view"]),
    ("ingest", &["db", "archive", "datasets"]),
    ("report", &["db", "schedules", "archive", "view", "datasets"]),
    ("scheduler", &["db", "schedules"]),
    ("upkeep", &["db", "schedules", "archive", "datasets"]),
    ("worker", &["ingest", "report", "upkeep", "db", "schedules", "archive", "datasets"]),
    ("boot", &["worker", "scheduler", "admin", BELOW]),
    ("verify", &["db", "schedules", "archive", "datasets"]),
    ("check", &["boot", "worker", "scheduler", "admin", BELOW]),
    ("demo", &["boot", "worker", "scheduler", "admin", BELOW]),
    ("doctor", &["boot", "worker", "scheduler", "admin", BELOW]),
    ("cli", &["boot", "check", "demo", "doctor", "verify", "worker", "scheduler", "admin", BELOW]),
    ("main", &["cli"]),
];

/// Stands for all that lies below the worker.
const BELOW: &str = "*";
const BELOW_THE_WORKER: [&str; 11] =
    ["ingest", "report", "upkeep", "trace", "notify", "db", "schedules", "archive", "datasets", "postgres", "view"];

/// What the ground's rooms may name of each other: the words know nobody, settings know the words, logs know both.
const ON_THE_GROUND: [(&str, &[&str]); 3] = [("job", &[]), ("config", &["job"]), ("telemetry", &["job", "config"])];

#[test]
fn no_room_names_one_that_it_may_not() {
    let mut found = Vec::new();
    for file in files("src", ".rs") {
        let room = room(&file.path);
        let Some(allowed) = allowed(&room) else {
            if room != "lib" {
                found.push(format!(
                    "{}: the room `{room}` has no floor yet; give it one in tests/tidy/floors.rs",
                    file.path
                ));
            }
            continue;
        };
        for named in named(&file).into_iter().filter(|named| *named != room && !allowed.contains(&named.as_str())) {
            found.push(format!(
                "{}: `{room}` names `{named}`, which stands above it or beside it; see the floors in ARCHITECTURE.md",
                file.path
            ));
        }
    }
    nothing_in(&found);
}

/// A machine's clock may be set while a file comes: see `tests/it/ingest/clocks.rs`, which tries it where it can.
#[test]
fn no_wait_for_a_publisher_goes_by_a_clock_that_can_be_set() {
    let fetching = files("src/ingest/fetch", ".rs").into_iter().chain(files("src/ingest", "fetch.rs"));
    // `Retry-After` may be a date.
    let timed = fetching.filter(|file| !file.path.ends_with("/answer.rs"));
    let named = timed.flat_map(|file| {
        let found =
            ["SystemTime", "Timestamp::now", "Zoned::now"].into_iter().filter(|clock| file.text.contains(clock));
        found.map(|clock| format!("{}: {clock} can be set; tokio's Instant cannot", file.path)).collect::<Vec<_>>()
    });
    nothing_in(&named.collect::<Vec<_>>());
}

#[test]
fn every_room_of_the_plan_is_there() {
    let text = read("src/lib.rs");
    let missing = ROOMS.iter().filter(|(room, _)| *room != "main" && !text.contains(&format!("pub mod {room};")));
    nothing_in(
        &missing
            .map(|(room, _)| format!("src/lib.rs has no room `{room}`: take it off the floors"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn the_parsers_depend_on_nothing_that_touches_the_world() {
    let manifest = read("parsers/Cargo.toml");
    let worldly = ["tokio", "reqwest", "diesel", "actix-web", "tokio-postgres", "object_store", "tempfile"];
    let named = worldly.into_iter().filter(|name| manifest.lines().any(|line| line.starts_with(name)));
    nothing_in(
        &named
            .map(|name| format!("parsers/Cargo.toml names {name}: then a fixture is not the whole test"))
            .collect::<Vec<_>>(),
    );
}

/// The room of a file: src/db/runs.rs belongs to `db`.
fn room(path: &str) -> String {
    path.trim_start_matches("src/").split(['/', '.']).next().unwrap_or_default().to_owned()
}

fn allowed(room: &str) -> Option<Vec<&'static str>> {
    if let Some((_, rooms)) = ON_THE_GROUND.iter().find(|(name, _)| *name == room) {
        return Some(rooms.to_vec());
    }
    let (_, rooms) = ROOMS.iter().find(|(name, _)| *name == room)?;
    let all =
        rooms.iter().flat_map(|room| if *room == BELOW { &BELOW_THE_WORKER[..] } else { std::slice::from_ref(room) });
    Some(GROUND.iter().chain(all).copied().collect())
}

/// The rooms that a file's code names. What stands in its tests is its own affair.
fn named(file: &Text) -> Vec<String> {
    if file.path.ends_with("tests.rs") || file.path.contains("/tests/") {
        return Vec::new();
    }
    let code = file.text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut rooms: Vec<String> = code.split("crate::").skip(1).flat_map(first_names).collect();
    if room(&file.path) == "main" {
        rooms.extend(code.split("bluebook::").skip(1).flat_map(first_names));
    }
    rooms.sort();
    rooms.dedup();
    rooms
}

/// What comes right after `crate::`: one name, or the first names within braces.
fn first_names(rest: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let (mut depth, mut names, mut start) = (0usize, Vec::new(), true);
    for (at, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            _ if sign.is_whitespace() => {}
            _ if start => {
                names.push(word(&group[at..]));
                start = false;
            }
            _ => {}
        }
    }
    names
}

#[test]
fn names_are_found_in_groups_and_alone() {
    assert_eq!(first_names("db::runs;"), ["db"]);
    assert_eq!(
        first_names("{archive::{Archive, Kept}, db::{Pool,\n runs::{self}},\n job::Job};"),
        ["archive", "db", "job"]
    );
}
