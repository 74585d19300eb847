//! The support holds itself to what it promises.

use std::time::Duration;

use nix::sys::signal::Signal;

use super::{
    Answer, Browser, Cluster, Db, Gate, Publisher, TestHouse, Visitor, Wire, database::assert_same_rows, eventually,
};

#[test]
fn each_house_has_a_database_of_its_own() {
    let (one, other) = (TestHouse::new(), TestHouse::without_customers());
    one.db().batch(
        "CREATE TABLE public.mine (id int, _release int, name text); INSERT INTO mine VALUES (2, 1, NULL), (1, 1, 'a')",
    );
    assert_same_rows(&one.db().dump("public.mine"), &["1|a".to_owned(), "2|∅".to_owned()]);
    assert_eq!(one.db().json("SELECT id FROM mine ORDER BY id DESC"), serde_json::json!([{"id": 2}, {"id": 1}]));
    assert_eq!(other.db().number("SELECT count(*) FROM pg_tables WHERE tablename = 'mine'"), 0);
    one.assert_invariants();
}

#[test]
fn a_mistake_in_sql_is_found_in_the_servers_log() {
    let house = TestHouse::new();
    assert!(house.sql_mistakes().is_empty());
    house.db().try_batch("SELEKT 1").unwrap_err();
    let found = eventually(Duration::from_secs(5), "the log has it", || house.sql_mistakes().into_iter().next());
    assert!(found.contains("SELEKT"), "{found}");
}

#[test]
fn a_server_of_ones_own_can_be_broken_and_comes_back() {
    let house = TestHouse::with_own_server();
    house.db().batch("CREATE TABLE public.kept (id int); INSERT INTO kept VALUES (1)");
    house.server().stop(Signal::SIGQUIT);
    house.db().try_batch("SELECT 1").unwrap_err();
    house.server().resume();
    assert_eq!(Db::connect(house.url()).number("SELECT count(*) FROM public.kept"), 1);
}

#[test]
fn a_database_of_the_shared_server_costs_little() {
    Cluster::shared();
    let begun = std::time::Instant::now();
    Cluster::shared().create("bare");
    assert!(begun.elapsed() < Duration::from_secs(5), "a database took {:?}", begun.elapsed());
}

#[test]
fn a_publisher_answers_in_turn_and_knows_who_has_it_already() {
    let publisher = Publisher::start();
    publisher.serve_in_turn("/a?b=c", [Answer::status(503).header("Retry-After", "1"), Answer::ok("x").etag("\"1\"")]);
    let visitor = Visitor::of(&publisher.url(""));
    assert_eq!(visitor.get("/nothing").status, 404);
    assert_eq!(visitor.get("/a?b=c").header("retry-after"), "1");
    assert_eq!(visitor.get("/a?b=c").body, "x");
    let known = visitor.send(reqwest::Method::GET, "/a?b=c", &[("If-None-Match", "\"1\"")], None).unwrap();
    assert_eq!((known.status, known.body.as_str()), (304, ""));
    assert_eq!(publisher.asked("/a?b=c"), 3);
    assert_eq!(publisher.log()[3].header("if-none-match"), Some("\"1\""));
}

#[test]
fn a_publisher_can_cut_an_answer_in_three_ways() {
    let publisher = Publisher::start();
    let visitor = Visitor::of(&publisher.url(""));
    let body = vec![b'x'; 20_000];
    publisher.serve("/", Answer::ok(&body).chunked());
    assert_eq!(visitor.get("/").body.len(), 20_000);
    for broken in [Answer::ok(&body), Answer::ok(&body).chunked(), Answer::ok(&body).length_says(20_001)] {
        publisher.serve("/", broken.cut_at(9_000));
        visitor.try_get("/").unwrap_err();
    }
    // Nothing tells a reader of such an answer that it is cut.
    publisher.serve("/", Answer::ok(&body).until_close().cut_at(9_000));
    assert_eq!(visitor.get("/").body.len(), 9_000);
    publisher.serve("/", Answer::zeros(100_000).drip(50_000, Duration::from_millis(1)).until_close());
    assert_eq!(visitor.get("/").body.len(), 100_000);
}

#[test]
fn a_gate_holds_an_answer_until_it_is_opened() {
    let (publisher, gate) = (Publisher::start(), Gate::shut());
    publisher.serve("/", Answer::ok("half and half").wait_at(4, &gate));
    let visitor = Visitor::of(&publisher.url(""));
    let asking = std::thread::spawn(move || visitor.get("/").body);
    eventually(Duration::from_secs(5), "the answer is at the gate", || (gate.reached() == 1).then_some(()));
    assert!(!asking.is_finished());
    gate.open();
    assert_eq!(asking.join().unwrap(), "half and half");
}

#[test]
fn the_program_can_be_called() {
    let house = TestHouse::new();
    let ran = house.run(["--help"]);
    assert_eq!(ran.code(), 0, "{}", ran.stderr());
}

#[test]
fn a_browser_does_what_a_person_does() {
    let publisher = Publisher::start();
    let form = "<html lang=en><title>T</title><meta name=viewport content=width=device-width><main><h1>Form</h1><form action=/done><label>Name <input name=n></label>\
        <button>Go</button></form><p id=wide></p><script>wide.textContent = 'scripts run'</script></main>";
    publisher.serve("/", Answer::ok(form).header("Content-Type", "text/html; charset=utf-8"));
    publisher.serve("/done?n=new", Answer::ok("<main>Done</main>").header("Content-Type", "text/html"));
    let browser = Browser::open(&publisher.url(""));
    browser.goto("/");
    assert_eq!(browser.text("#wide"), "scripts run");
    assert_eq!(browser.axe(), Vec::<String>::new());
    let dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    assert_eq!(browser.script(dark), false);
    browser.scheme("dark");
    assert_eq!(browser.script(dark), true);
    assert_eq!(browser.axe(), Vec::<String>::new());
    browser.script("document.querySelector('h1').style = 'color: #777; background: #888'");
    assert!(browser.axe()[0].starts_with("color-contrast"), "nobody reads grey on grey");
    browser.phone();
    assert_eq!(browser.script("return innerWidth"), 390);
    browser.fill("input", "old");
    browser.fill("input", "new");
    browser.press("\u{E007}");
    browser.wait_for_path("/done?n=new");
    assert!(!browser.axe().is_empty(), "a page without a language and a title is not accessible");
    browser.scripts(false);
    browser.goto("/");
    assert_eq!(browser.text("#wide"), "");
}

#[test]
fn a_wire_loses_the_answer_to_one_commit_and_the_server_does_not_know() {
    let mut house = TestHouse::new();
    house.db().batch("CREATE TABLE public.facts (id int)");
    let wire = Wire::to(house.server());
    house.connect_through(&wire);
    let far = Db::connect(&wire.url(&house.db().text("SELECT current_database()")));
    far.batch("INSERT INTO public.facts VALUES (1)");
    wire.lose_commit_after("VALUES (2)");
    far.batch("BEGIN; INSERT INTO public.facts VALUES (3); COMMIT");
    far.batch("BEGIN; INSERT INTO public.facts VALUES (2)");
    far.try_batch("COMMIT").unwrap_err();
    eventually(Duration::from_secs(5), "it was committed", || {
        (house.db().column("SELECT id FROM facts ORDER BY 1") == ["1", "2", "3"]).then_some(())
    });
    assert_eq!(wire.cuts(), 1);
}
