//! What a held release shows to whoever must decide.

use super::{enter, judge, link_for};
use crate::support::{Answer, Browser, Publisher, TestHouse, things_toml};

#[test]
fn a_held_release_shows_what_it_would_change_on_every_screen() {
    let (mut house, publisher) = (TestHouse::new(), Publisher::start());
    house.dataset("things", &things_toml("http://publisher.test/things.csv"));
    house.rewrite("publisher.test", &publisher);
    let releases = [
        ("id,name,price,since\n1,one,,\n2,two,1.00,\n3,three,,\n4,four,,\n", 0),
        ("id,name,price,since,colour\n1,uno,2.50,,red\n2,two,,2026-01-31,blue\n5,five,,,green\n", 3),
    ];
    for (csv, code) in releases {
        publisher.serve("/things.csv", Answer::ok(csv));
        house.run(["ingest", "things"]).expect_code(code);
    }
    let held = house.db().text("SELECT id FROM bluebook.releases WHERE state = 'held'");
    let daemon = house.serve();
    let link = link_for(&house, "anna", "editor");
    let browser = Browser::open(daemon.site());
    enter(&browser, &link);
    let wrong = judge(&browser, &format!("/releases/{held}"));
    assert_eq!(wrong, Vec::<String>::new());
    let page = browser.page();
    for text in ["What would change", "uno", "What would be new", "five", "What would go", "four", "colour = { from"] {
        assert!(page.contains(text), "{text} is not on the page");
    }
}
