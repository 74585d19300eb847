//! The admin site in a real browser: with eyes, on a phone, by keyboard, without scripts, and for those who cannot see.

mod held;

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use crate::support::{Answer, Browser, Daemon, Gate, Publisher, TestHouse, eventually, things_csv, things_toml};

const PASSWORD: &str = "four words in a row";
const ENTER: &str = "\u{E007}";
const TAB: &str = "\u{E004}";

#[test]
fn a_person_enters_by_the_link_once_and_by_the_password_ever_after() {
    let (house, daemon) = open_site();
    let link = link_for(&house, "anna", "editor");
    let browser = Browser::open(daemon.site());
    browser.goto("/");
    browser.wait_for_path("/sign-in");
    browser.goto(&link);
    browser.fill("[name=password]", "short");
    browser.fill("[name=again]", PASSWORD);
    browser.script("document.querySelector('form.stack').noValidate = true; return 1");
    browser.click("button.primary");
    assert_eq!(browser.path(), link, "a short password is not taken");
    enter(&browser, &link);
    assert!(browser.text(".me summary").contains("anna"));
    browser.click(".me summary");
    browser.click("form[action='/sign-out'] button");
    browser.wait_for_path("/sign-in");
    browser.goto(&link);
    browser.wait_for_text("each works once");
    sign_in(&browser, "anna", "not the password");
    browser.wait_for_text("do not match");
    assert_eq!(browser.value("#login"), "anna", "what was typed stays");
    sign_in(&browser, "anna", PASSWORD);
    browser.wait_for_path("/");
    assert!(browser.shows("nav.side"));
}

#[test]
fn the_keyboard_alone_is_enough() {
    let (house, daemon) = open_site();
    let link = link_for(&house, "anna", "editor");
    let browser = Browser::open(daemon.site());
    browser.goto(&link);
    // The first field has the focus; Enter sends the form.
    browser.press(PASSWORD);
    browser.press(TAB);
    browser.press(&format!("{PASSWORD}{ENTER}"));
    browser.wait_for_path("/");
    browser.press(TAB);
    assert_eq!(browser.script("return document.activeElement.className"), "skip");
    let outline = "const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.boxShadow";
    assert_ne!(browser.script(outline), "nonenone", "the focus can be seen");
    browser.press(ENTER);
    assert_eq!(browser.script("return document.activeElement.id"), "main");
    let reached = tab_stops(&browser, 40);
    for target in ["/tables/customer", "/runs"] {
        assert!(reached.iter().any(|stop| stop.contains(target)), "{target} is not reached by keyboard: {reached:?}");
    }
}

#[test]
fn the_site_works_without_scripts() {
    let (house, daemon) = open_site();
    let link = link_for(&house, "anna", "editor");
    let browser = Browser::open(daemon.site());
    browser.scripts(false);
    enter(&browser, &link);
    browser.click("form.theme button");
    let theme = browser.attribute("html", "data-theme");
    assert!(theme.is_some_and(|theme| theme != "auto"), "colours can be chosen");
    edit_a_customer(&browser);
}

#[test]
fn a_customer_is_edited_and_a_mistake_is_shown_at_its_field() {
    let (house, daemon) = open_site();
    let link = link_for(&house, "anna", "editor");
    let browser = Browser::open(daemon.site());
    enter(&browser, &link);
    edit_a_customer(&browser);
    assert_eq!(browser.complaints(), Vec::<String>::new());
    assert_eq!(house.db().number("SELECT count(*) FROM public.customer WHERE legal_name = 'Renamed & Sons'"), 1);
    house.assert_invariants();
}

/// Opens the first customer, makes a mistake, mends it, and sees the customer's new name.
fn edit_a_customer(browser: &Browser) {
    browser.goto("/tables/customer");
    browser.click("main tbody tr:first-child th a");
    browser.click("main a[href$='/edit']");
    browser.fill("[name='f.legal_name']", "  ");
    browser.click("main form.sheet button.primary");
    browser.wait_for_text("Nothing is saved yet");
    let described = browser.attribute("[name='f.legal_name']", "aria-describedby").unwrap_or_default();
    assert!(described.split(' ').any(|id| browser.has(&format!("#{id}"))), "the mistake is told at the field");
    assert_eq!(browser.attribute("[name='f.legal_name']", "aria-invalid").as_deref(), Some("true"));
    browser.fill("[name='f.legal_name']", "Renamed & Sons");
    browser.click("main form.sheet button.primary");
    browser.wait_for_text("Renamed & Sons");
    assert!(browser.shows("main h1"));
}

#[test]
fn a_run_is_seen_live() {
    let (mut house, publisher, gate) = (TestHouse::new(), Publisher::start(), Gate::shut());
    house.dataset("things", &things_toml("http://publisher.test/things.csv"));
    house.rewrite("publisher.test", &publisher);
    let csv = things_csv(0..2000, 1);
    publisher.serve("/things.csv", Answer::ok(&csv).wait_at(1000, &gate));
    let daemon = house.serve();
    let link = link_for(&house, "anna", "editor");
    let browser = Browser::open(daemon.site());
    enter(&browser, &link);
    browser.goto("/datasets/things");
    browser.click("button[name=job][value='ingest:things']");
    eventually(Duration::from_secs(10), "the publisher is asked", || (gate.reached() > 0).then_some(()));
    browser.goto("/runs");
    browser.click("main tbody tr:first-child a[href^='/runs/']");
    browser.wait_for_text("running");
    gate.open();
    // Nobody presses anything: the page itself looks again.
    browser.wait_for_text("succeeded");
    assert!(browser.page().contains("2,000"), "the counts are shown:\n{}", browser.page());
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn every_page_is_accessible_in_light_and_dark_and_fits_a_phone() {
    let (house, daemon) = open_site();
    let link = link_for(&house, "anna", "admin");
    let browser = Browser::open(daemon.site());
    house.run(["report", "market_brief"]).expect_code(0);
    house.db().batch(include_str!("browser/notices.sql"));
    let mut found = judge(&browser, "/sign-in");
    found.extend(judge(&browser, &link));
    enter(&browser, &link);
    let pages = crawl(&browser);
    assert!(pages.len() > 15, "only {pages:?}");
    for page in pages.values() {
        found.extend(judge(&browser, page));
    }
    found.extend(judge(&browser, "/datasets/us_gov_domains"));
    found.extend(judge(&browser, "/datasets/things/trace?k.id=7"));
    assert!(browser.page().contains("Thing, number 7"), "the record is shown as it was published:\n{}", browser.page());
    assert!(found.is_empty(), "{} things are wrong:\n{}", found.len(), found.join("\n"));
}

/// What is wrong with a page on a desk, in the dark, and on a phone.
fn judge(browser: &Browser, page: &str) -> Vec<String> {
    let mut wrong = vec![];
    browser.goto(page);
    for scheme in ["light", "dark"] {
        browser.scheme(scheme);
        wrong.extend(browser.axe().into_iter().map(|line| format!("{page} ({scheme}): {line}")));
    }
    browser.scheme("light");
    browser.phone();
    let width = browser.script("return document.documentElement.scrollWidth");
    if width.as_u64() > Some(390) {
        wrong.push(format!("{page}: {width} pixels wide on a phone of 390"));
    }
    browser.desktop();
    wrong.extend(browser.complaints().into_iter().map(|line| format!("{page}: {line}")));
    wrong
}

/// One page of each kind that links lead to, from the home page and a dataset with releases on: its kind (numbers and
/// names left out) and itself.
fn crawl(browser: &Browser) -> BTreeMap<String, String> {
    const LINKS: &str = "return [...document.querySelectorAll('a[href]')].map(a => a.href)";
    let begin = ["/", "/datasets/things"].map(str::to_owned);
    let mut pages = BTreeMap::from(begin.clone().map(|page| (kind(&page), page)));
    let mut waiting = VecDeque::from(begin);
    while let Some(page) = waiting.pop_front() {
        browser.goto(&page);
        let site = browser.script("return location.origin");
        for link in browser.script(LINKS).as_array().expect("an array") {
            let Some(path) = link.as_str().and_then(|link| link.strip_prefix(site.as_str()?)) else { continue };
            let path = path.split('#').next().unwrap_or(path);
            if is_a_document(path) || pages.len() > 60 {
                continue;
            }
            pages.entry(kind(path)).or_insert_with(|| {
                waiting.push_back(path.to_owned());
                path.to_owned()
            });
        }
    }
    pages
}

/// A path without what differs between pages of one kind: numbers, names of datasets, and the values of a query. What
/// a query does to a table's page, one table shows.
fn kind(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let query = if path.starts_with("/tables/") && path != "/tables/customer" { "" } else { query };
    let number = |part: &str| part.chars().any(|c| c.is_ascii_digit());
    let is_dataset = |at: usize| at == 2 && path.starts_with("/datasets/");
    let parts = path.split('/').enumerate().map(|(at, part)| if number(part) || is_dataset(at) { "…" } else { part });
    let keys = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    format!("{}?{}", parts.collect::<Vec<_>>().join("/"), keys.collect::<Vec<_>>().join("&"))
}

/// The files of an edition are documents of their own (`reports.rs` judges them), shown where no script may run.
fn is_a_document(path: &str) -> bool {
    path.starts_with("/editions/") && path.split('/').count() > 3
}

/// Where the focus goes by Tab: what each place is and where it leads.
fn tab_stops(browser: &Browser, presses: usize) -> Vec<String> {
    let here = "const e = document.activeElement; return e.tagName + ' ' + (e.getAttribute('href') || e.name || '')";
    let stop = |_| {
        browser.press(TAB);
        browser.script(here).as_str().unwrap_or_default().to_owned()
    };
    (0..presses).map(stop).collect()
}

/// A site with invented customers and something published.
fn open_site() -> (TestHouse, Daemon) {
    let (mut house, publisher) = (TestHouse::new(), Publisher::start());
    house.db().batch(include_str!("../../demo/customers.sql"));
    house.dataset("things", &things_toml("http://publisher.test/things.csv"));
    house.rewrite("publisher.test", &publisher);
    publisher.serve("/things.csv", Answer::ok(things_csv(0..2000, 1)));
    house.run(["ingest", "things"]).expect_code(0);
    let daemon = house.serve();
    (house, daemon)
}

/// A one-time link's path for a new person.
fn link_for(house: &TestHouse, login: &str, role: &str) -> String {
    let link = house.run(["user", "add", login, "--role", role]).expect_code(0).stdout();
    let path = link.trim().splitn(4, '/').nth(3).expect("a URL");
    format!("/{path}")
}

fn enter(browser: &Browser, link: &str) {
    browser.goto(link);
    browser.fill("[name=password]", PASSWORD);
    browser.fill("[name=again]", PASSWORD);
    browser.click("button.primary");
    browser.wait_for_path("/");
    assert!(!browser.path().starts_with("/enter"), "the link was not taken:\n{}", browser.page());
}

fn sign_in(browser: &Browser, login: &str, password: &str) {
    browser.goto("/sign-in");
    browser.fill("#login", login);
    browser.fill("#password", password);
    browser.click("button.primary");
}
