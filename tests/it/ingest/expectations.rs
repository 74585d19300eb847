//! What is expected of a release's rows: newest values, calendars, references, SQL of one's own.

use super::{Scene, things};

const DAYS: &str = "id,name,price,since\n1,one,,2026-01-05\n2,two,,2026-01-06\n3,three,,2026-01-07\n";

/// With these lines at the end of `[expect]`.
fn expecting(lines: &str) -> Scene {
    Scene::defined(|toml| format!("{toml}max_shrink = 1.0\n{lines}\n"))
}

#[track_caller]
fn finding(answer: &serde_json::Value) -> (&str, &str) {
    let finding = &answer["findings"][0];
    (finding["check"].as_str().unwrap_or_default(), finding["message"].as_str().unwrap_or_default())
}

#[test]
fn too_many_rows_without_a_value_hold_a_release() {
    let scene = expecting("max_nulls = { price = 0.5 }");
    scene.serves("id,name,price,since\n1,one,1.00,\n2,two,,\n").ingest(0);
    let held = scene.serves("id,name,price,since\n1,one,,\n2,two,,\n3,three,1.00,\n").ingest(3);
    let message = "2 rows, 66.67 %, have no value in `price`; the dataset allows 50 % (expect.max_nulls)";
    assert_eq!(finding(&held), ("nulls", message));
    scene.house.assert_invariants();
}

#[test]
fn the_newest_value_moves_forward_and_not_into_the_future() {
    let scene = expecting("newest = { column = \"since\", ahead = \"2 days\" }");
    scene.serves(DAYS).ingest(0);
    let held = scene.serves("id,name,price,since\n1,one,,2026-01-05\n").ingest(3);
    let message = "the newest `since` goes back from 2026-01-07 to 2026-01-05: is this an older file? (expect.newest)";
    assert_eq!(finding(&held), ("newest", message));
    let held = scene.serves("id,name,price,since\n1,one,,2999-01-05\n").ingest(3);
    assert!(finding(&held).1.starts_with("the newest `since`, 2999-01-05, lies further ahead"), "{held}");
    scene.serves(things(&["1,one"])).ingest(3);
    scene.house.assert_invariants();
}

#[test]
fn a_gap_is_told_remembered_and_fetched_again_until_it_is_filled() {
    let scene = expecting("calendar = { column = \"since\", every = \"business day\" }\nwarn = [\"calendar\"]");
    let gaps = "SELECT concat_ws(' ', missing_from AT TIME ZONE 'UTC', missing_to AT TIME ZONE 'UTC', closed_at IS NULL) \
                FROM bluebook.gaps ORDER BY id";
    let gappy = "id,name,price,since\n1,one,,2026-01-02\n2,two,,2026-01-08\n3,three,,2026-01-12\n";
    let answer = scene.serves(gappy).ingest(0);
    let (check, message) = finding(&answer);
    let begins = "4 values of `since` are missing: 2026-01-05 to 2026-01-07 (3), 2026-01-09.";
    assert!(check == "gaps" && message.starts_with(begins), "{message}");
    let open = ["2026-01-05 00:00:00 2026-01-07 00:00:00 t", "2026-01-09 00:00:00 2026-01-09 00:00:00 t"];
    assert_eq!(scene.house.db().column(gaps), open);
    assert_eq!(scene.rows().len(), 3, "a gap is never a row");
    let all = "id,name,price,since\n1,a,,2026-01-05\n2,b,,2026-01-06\n3,c,,2026-01-07\n4,d,,2026-01-08\n";
    scene.serves(all).ingest(0);
    let closed: Vec<String> = open.iter().map(|gap| gap.replace(" t", " f")).collect();
    assert_eq!(scene.house.db().column(gaps), closed);
    scene.house.assert_invariants();
}

/// 2025-10-26 has 25 hours in Madrid, and 2025-03-30 has 23.
#[test]
fn a_day_has_as_many_intervals_as_its_clock_gives_it() {
    let column = "[columns.starts_at]\nfrom = \"since\"\ntype = \"timestamp\"\nperiod = \"price\"\ncomment = \"Start\"\n\n\
                  [time]\nzone = \"Europe/Madrid\"\ninterval = \"1 hour\"\n\n[expect]";
    let scene = Scene::defined(|toml| {
        let expect = "max_shrink = 1.0\nintervals_per_day = { column = \"starts_at\", per = [\"name\"] }\n";
        format!("{}{expect}", toml.replace("[expect]", column))
    });
    let csv = |days: &[(&str, u32)]| {
        let hours = days.iter().flat_map(|(day, hours)| (1..=*hours).map(move |hour| (day, hour)));
        let rows = hours.enumerate().map(|(id, (day, hour))| format!("{id},ES,{hour},{day}\n"));
        format!("id,name,price,since\n{}", rows.collect::<String>())
    };
    scene.serves(csv(&[("2025-03-30", 23), ("2025-03-31", 24), ("2025-10-26", 25)])).ingest(0);
    let held = scene.serves(csv(&[("2025-03-30", 23), ("2025-03-31", 23), ("2025-10-26", 24)])).ingest(3);
    let message = "days have more or fewer intervals of `starts_at` than they are long: 2025-03-31 (ES) has 23 of 24; \
                   2025-10-26 (ES) has 24 of 25 (expect.intervals_per_day)";
    assert_eq!(finding(&held), ("intervals_per_day", message));
    scene.house.assert_invariants();
}

#[test]
fn rows_that_refer_to_nothing_hold_a_release() {
    let scene =
        expecting("references = [{ columns = [\"name\"], to = \"us_gov_domains\", their = [\"domain_name\"] }]");
    let held = scene.serves(things(&["1,a.gov"])).ingest(3);
    assert!(finding(&held).1.contains("the table does not exist yet"), "{held}");
    scene
        .house
        .db()
        .batch("CREATE TABLE data.us_gov_domains (domain_name text); INSERT INTO data.us_gov_domains VALUES ('a.gov')");
    let held = scene.serves(things(&["1,a.gov", "2,b.gov", "3,c.gov"])).ingest(3);
    let message = "2 rows refer by name to what \"data\".\"us_gov_domains\" does not have, such as b.gov; c.gov; the dataset \
                   allows 0 (expect.references)";
    assert_eq!(finding(&held), ("references", message));
    scene.serves(things(&["1,a.gov", "4,a.gov"])).ingest(0);
}

#[test]
fn sql_of_ones_own_sees_the_release_as_it_would_be() {
    let scene = expecting("");
    let check = "-- Ids stay small.\nSELECT r.id, p.name AS before FROM release r LEFT JOIN published p USING (id) WHERE r.id > 9";
    scene.house.write("parsers/datasets/things/small.sql", check);
    scene.serves(things(&["1,one", "2,two", "3,three"])).ingest(0);
    let held = scene.serves(things(&["2,zwei", "3,three", "10,ten"])).ingest(3);
    let message = "parsers/datasets/things/small.sql found 1 violations (Ids stay small): {\"id\":10,\"before\":null}";
    assert_eq!(finding(&held), ("small", message));
    // The row that goes and the value of before are not in the release any more.
    let gone = "SELECT * FROM release WHERE id = 1 OR name = 'two'";
    scene.house.write("parsers/datasets/things/small.sql", gone);
    assert_eq!(scene.replay(0)["outcome"], "published", "another text of a check is another definition");
    scene.house.write("parsers/datasets/things/small.sql", "DELETE FROM data.things RETURNING id");
    let held = scene.serves(things(&["2,zwei"])).ingest(3);
    assert!(finding(&held).1.contains("could not be asked"), "{held}");
    assert_eq!(scene.rows().len(), 3);
    let checked = scene.house.run(["check"]).expect_code(1).stdout();
    assert!(checked.contains("parsers/datasets/things/small.sql"), "{checked}");
    scene.house.assert_invariants();
}

#[test]
fn a_month_ends_when_it_ends_and_a_calendar_of_millennia_is_a_mistake() {
    let ends = |days: &[&str]| {
        (1..).zip(days).fold("id,name,price,since\n".to_owned(), |csv, (id, day)| format!("{csv}{id},x,,{day}\n"))
    };
    let months = ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"];
    let scene = expecting("calendar = { column = \"since\", every = \"1 month\" }");
    scene.serves(ends(&months)).ingest(0);
    let held = scene.serves(ends(&[&months[..3], &months[4..]].concat())).ingest(3);
    assert!(finding(&held).1.starts_with("1 values of `since` are missing: 2026-03-31."), "{held}");
    scene.redefine(|toml| format!("{toml}calendar = {{ column = \"since\", every = \"15 min\" }}\n"));
    let held = scene.serves(ends(&["0206-01-01", "2026-01-01"])).ingest(3);
    let findings = held["findings"].to_string();
    assert!(
        findings.contains("`since` goes from 0206-01-01 to 2026-01-01, which is more than 5000000 steps"),
        "{held}"
    );
}

#[test]
fn a_gap_is_filled_by_what_is_published_and_not_by_what_is_held() {
    let scene =
        expecting("max_growth = 0.1\ncalendar = { column = \"since\", every = \"1 day\" }\nwarn = [\"calendar\"]");
    let open = || scene.house.db().number("SELECT count(*) FROM bluebook.gaps WHERE closed_at IS NULL");
    scene.serves("id,name,price,since\n1,one,,2026-01-05\n3,three,,2026-01-07\n").ingest(0);
    let release = scene.serves(DAYS).ingest(3)["release"].to_string();
    assert_eq!(open(), 1, "nobody sees the missing day yet");
    scene.house.run(["release", "publish", &release, "--reason", "it has come"]).expect_code(0);
    assert_eq!(open(), 0);
}

#[test]
fn what_a_publisher_wrote_commands_no_terminal() {
    let scene =
        expecting("references = [{ columns = [\"name\"], to = \"us_gov_domains\", their = [\"domain_name\"] }]");
    scene.house.db().batch("CREATE TABLE data.us_gov_domains (domain_name text)");
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m";
    let ran = scene.serves(things(&[&format!("1,{evil}")])).house.run(["ingest", "things"]).expect_code(3);
    scene.house.run(["release", "publish", "1", "--reason", "so be it"]).expect_code(0);
    let traced = scene.house.run(["trace", "things", "1"]).expect_code(0);
    let json = scene.house.run(["trace", "things", "1", "--json"]).expect_code(0);
    for text in [ran.stdout(), traced.stdout(), json.stdout()] {
        assert!(text.contains("[2J") && !text.contains(['\u{1b}', '\u{7}', '\u{9b}']), "{text:?}");
    }
    assert_eq!(json.json()["versions"][0]["values"]["name"], evil);
}
