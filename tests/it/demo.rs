//! `bluebook demo`, as `make demo` calls it: from nothing to a site that shows everything, and twice.

use std::{fs, os::unix::fs::symlink, path::Path, time::Duration};

use nix::sys::signal::Signal;

use crate::support::{Cluster, Program, Running, Visitor, eventually};

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");
const PASSWORD: &str = "four words in a row";

/// From the call to the first page: initdb, migrations and customers included.
const START: Duration = Duration::from_mins(1);
/// Until two releases have come after it and the report is written.
const SHOW: Duration = Duration::from_secs(90);

#[test]
fn the_demo_shows_everything_stops_cleanly_and_goes_on() {
    let state = tempfile::Builder::new().prefix("demo-").tempdir_in(Cluster::shared().folder()).unwrap();
    furnish(state.path());
    let mut demo = start(state.path());
    let site = sign_in(&demo);
    for page in ["/datasets", "/runs", "/reports"] {
        assert_eq!(site.get(page).status, 200, "{page}");
    }
    eventually(SHOW, "two releases of one dataset and a report", || {
        let news = demo.stdout();
        let published = news.matches("ingest:us_gov_domains published: ").count();
        (published >= 2 && news.contains("report:") && news.contains(" written: ")).then_some(())
    });
    // The counts are those that an independent comparison of the files came to.
    let news = demo.stdout();
    assert!(news.contains("16527 rows, 16527 new, 0 changed, 0 removed, 0 rejected"), "{news}");
    assert!(news.contains("16535 rows, 8 new, 16 changed, 0 removed, 0 rejected"), "{news}");
    let traced = trace(state.path(), &["us_gov_domains", "saddlebrooknj.gov", "--column", "organization_name"]);
    assert!(traced.contains("Saddle Brook Towbship") && traced.contains("Saddle Brook Township"), "{traced}");
    let reports: Vec<_> =
        files_under(&state.path().join("demo/reports")).into_iter().filter(|f| f.contains(".html")).collect();
    assert!(!reports.is_empty(), "the report is a file");
    for report in reports {
        let page = fs::read_to_string(&report).unwrap();
        assert!(!page.contains("No figures yet"), "no report comes before the first releases: {report}");
    }
    let listed = trace(
        state.path(),
        &[
            "aemo_demand_forecast",
            "region=NSW1",
            "interval_ends_at=2025-04-01T08:00Z",
            "load_date=2025-04-01T07:27:41Z",
        ],
    );
    let file =
        "nemweb.com.au/Reports/Current/Operational_Demand/FORECAST_HH/PUBLIC_FORECAST_OPERATIONAL_DEMAND_HH_2025";
    assert!(listed.contains(file), "the file was found on a page: {listed}");
    let key =
        ["area=10YES-REE------0", "contract_type=A01", "auction_type=A01", "starts_at=2025-09-28T22:00Z", "minutes=60"];
    let asked = trace(state.path(), &[&["entsoe_day_ahead_prices"][..], &key].concat());
    assert!(asked.contains("&periodStart=20") && asked.contains("&securityToken=hidden"), "by day: {asked}");
    stop(&mut demo, state.path());

    let mut again = start(state.path());
    let site = sign_in(&again);
    let released = site.get("/datasets/us_gov_domains").body;
    assert!(released.contains("16,5"), "what was published is still there:\n{released}");
    assert!(!again.stdout().contains("16527 new"), "nothing is published twice:\n{}", again.stdout());
    stop(&mut again, state.path());
}

/// What `bluebook trace` says of a row of the demo's.
fn trace(state: &Path, args: &[&str]) -> String {
    let program = Program::bare([&["trace"], args].concat()).within(state.join("product"));
    program.env("BLUEBOOK_STATE_DIR", state.join("demo")).run().expect_code(0).stdout()
}

/// The product's home folder, but that a report falls due each second.
fn furnish(state: &Path) {
    let (product, home) = (Path::new(REPOSITORY), state.join("product"));
    fs::create_dir_all(home.join("demo")).unwrap();
    for part in ["admin.toml", "schedules.toml", "parsers", "templates", "demo/releases"] {
        symlink(product.join(part), home.join(part)).unwrap();
    }
    let schedules = fs::read_to_string(product.join("demo/schedules.toml")).unwrap();
    let often = schedules.replace("\"0 */5 * * * *\"", "\"* * * * * *\"");
    assert_ne!(schedules, often);
    fs::write(home.join("demo/schedules.toml"), often).unwrap();
}

fn start(state: &Path) -> Running {
    let program = Program::bare(["demo", "--every", "2", "--listen", "127.0.0.1:0"]).within(state.join("product"));
    let demo = program.env("BLUEBOOK_STATE_DIR", state).env("HOME", state).spawn(Cluster::shared());
    eventually(START, "the demo says where to sign in", || demo.stdout().contains("Sign in").then_some(()));
    demo
}

/// Follows the link that the demo printed, as a person would.
fn sign_in(demo: &Running) -> Visitor {
    let said = demo.stdout();
    let link = said.split_whitespace().find(|word| word.contains("/enter/")).expect("a link");
    let path = link.splitn(4, '/').nth(3).expect("a URL");
    let (site, path) = (link.trim_end_matches(path).trim_end_matches('/'), format!("/{path}"));
    let visitor = Visitor::of(site);
    let form = eventually(START, "the site answers", || visitor.try_get(&path).ok().filter(|page| page.status == 200));
    let csrf = form.input("csrf").expect("a form");
    let entered = visitor.post(&path, &[("csrf", &csrf), ("password", PASSWORD), ("again", PASSWORD)]);
    assert_eq!(entered.status, 303, "{}", entered.body);
    assert_eq!(visitor.get("/").status, 200);
    visitor
}

/// Ctrl-C; nothing of it may be left.
fn stop(demo: &mut Running, state: &Path) {
    demo.signal(Signal::SIGINT);
    assert!(demo.wait(Duration::from_secs(30)).success(), "{}", demo.stderr());
    let left = processes_of(state);
    assert!(left.is_empty(), "still running: {left:?}");
}

/// Command lines of processes that name the folder.
fn processes_of(folder: &Path) -> Vec<String> {
    let folder = folder.to_string_lossy();
    let command = |entry: fs::DirEntry| fs::read(entry.path().join("cmdline")).ok();
    let lines = fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(command);
    lines
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(folder.as_ref()))
        .collect()
}

fn files_under(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path.display().to_string()] }).collect()
}
