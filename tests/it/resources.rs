//! Reflected tables, through the front door: what the old stack damaged stays whole, what it leaked stays hidden.

mod desk;
mod names;
mod secrets;

use desk::{Desk, Form, words};

#[test]
fn an_unchanged_save_writes_nothing_whatever_the_types() {
    let desk =
        Desk::with(include_str!("resources/probe.sql"), "[[table]]\nname = 'probe'\n[[table]]\nname = 'target'\n");
    let before = desk.house.db().rows("SELECT probe::text, xmin::text FROM probe ORDER BY number");
    for key in ["a~2cb~2fc~2e~7e,1", "~,2", "tab~09here,3"] {
        let path = format!("/tables/probe/row/{key}/edit");
        let saved = desk.send(&path, &desk.form(&path));
        assert_eq!(saved.status, 303, "{key}: {}", words(&saved.body));
        assert!(words(&desk.page(saved.header("location"))).contains("Nothing was changed"), "{key}");
    }
    assert_eq!(desk.house.db().rows("SELECT probe::text, xmin::text FROM probe ORDER BY number"), before);
    assert_eq!(audited(&desk), 0);
}

#[test]
fn an_unchanged_save_keeps_links_that_are_written_otherwise_and_sensitive_choices() {
    let sql = "
        CREATE TABLE kind (code numeric PRIMARY KEY, name text NOT NULL);
        INSERT INTO kind VALUES (1.0, 'One'), (2, 'Two');
        CREATE TABLE thing (id integer PRIMARY KEY, kind numeric REFERENCES kind, secret boolean NOT NULL DEFAULT false);
        INSERT INTO thing VALUES (1, 1.00, true);";
    let desk = Desk::with(sql, "[[table]]\nname = 'thing'\nsensitive = ['secret']\n[[table]]\nname = 'kind'\n");
    let path = "/tables/thing/row/1/edit";
    assert_eq!(desk.send(path, &desk.form(path)).status, 303);
    assert_eq!(desk.house.db().text("SELECT concat_ws('|', kind, secret) FROM thing"), "1.00|t");
}

#[test]
fn a_save_writes_only_what_was_changed_and_says_so_in_the_audit() {
    let desk =
        Desk::with(include_str!("resources/probe.sql"), "[[table]]\nname = 'probe'\n[[table]]\nname = 'target'\n");
    let path = "/tables/probe/row/a~2cb~2fc~2e~7e,1/edit";
    assert_eq!(desk.fill(path, &[("f.other", "a/b"), ("f.list", r#"{"a,b","c,d"}"#)]).status, 303);
    let db = desk.house.db();
    assert_eq!(
        db.rows("SELECT one, other, list[2], tz::text, jb::text FROM probe WHERE number = 1")[0].join_all(),
        r#"a/b|a/b|c,d|2026-10-25 00:30:00.123456+00|{"n": 12345678901234567890.1230}"#
    );
    assert_eq!(
        db.json(
            "SELECT jsonb_build_array(who, action, row_key, before, after) AS line FROM bluebook.audit \
            WHERE subject = 'public.probe'"
        ),
        serde_json::json!([{"line": ["clerk", "update", {"part": "a,b/c.~", "number": "1"},
            {"other": "c", "list": r#"{"a,b",c,"",NULL,"null","{x}"}"#},
            {"other": "a/b", "list": r#"{"a,b","c,d"}"#}]}])
    );
}

#[test]
fn every_constraint_is_told_at_its_field_in_words() {
    let desk = Desk::with_customers();
    let customer = "/tables/customer/row/12/edit";
    let meter = "/tables/customer_meter_detail/new?f.customer_id=12";
    let bank = "/tables/customer_bank_detail/row/12/edit";
    let cases = [
        (customer, "f.customer_number", "", "Fill in “Customer number”"),
        (customer, "f.customer_number", "C-1", "A customer number is C- and six digits"),
        (customer, "f.customer_number", "C-001006", "Another customer has this number already. See C-001006 Weber"),
        (customer, "f.legal_name", "   ", "blanks alone are no name"),
        (customer, "f.trading_name", &"x".repeat(161), "This has 161 characters; at most 160 fit."),
        (customer, "f.status", "asleep", "Choose one of Prospect, Active"),
        (customer, "f.status", "closed", "A closed customer needs a last day"),
        (customer, "f.customer_since", "2024-02-30", "Write a date as"),
        (customer, "f.credit_limit", "1,000", "Write a number, such as"),
        (customer, "f.credit_limit", "0.001", "At most 2 digits can stand after the point."),
        (customer, "f.credit_limit", "-1", "A credit limit cannot be below zero."),
        (customer, "f.preferences", "{paper}", "This is not JSON."),
        (customer, "f.tags", "solar", "Write a list in braces"),
        (customer, "f.address_id", "424242", "The record chosen here is no longer there."),
        (customer, "f.parent_customer_id", "12", "A customer cannot belong to itself."),
        (bank, "f.iban", "DE00000000000000000000", "check digits do not fit"),
        (bank, "f.bic", "nobic", "A BIC has 8 or 11"),
        (meter, "f.supplied", "2024-01-01", "Write a range as"),
    ];
    let before = desk.house.db().dump("customer");
    for (path, field, value, sentence) in cases {
        let action = path.split('?').next().unwrap_or_default();
        let refused = desk.send(action, &desk.form(path).with(&[(field, value)]));
        let said = words(&refused.body);
        assert_eq!(refused.status, 422, "{field} = {value:?}: {said}");
        assert!(said.contains(sentence), "{field} = {value:?}: {said}");
        assert!(!said.contains("violates") && !said.contains("SELECT"), "{said}");
        if field != "f.status" && field != "f.address_id" {
            assert_eq!(Form::read(&refused.body).get(field), Some(value), "what was typed is kept");
        }
    }
    assert_eq!(desk.house.db().dump("customer"), before);
    assert_eq!(audited(&desk), 0);
}

#[test]
fn a_meter_is_not_supplied_twice_and_the_other_supply_is_named() {
    let desk = Desk::with_customers();
    let meter = desk.house.db().text("SELECT meter_number FROM customer_meter_detail WHERE customer_id = 1 LIMIT 1");
    let refused = desk.fill(
        "/tables/customer_meter_detail/new",
        &[
            ("f.customer_id", "12"),
            ("f.meter_number", &meter),
            ("f.commodity", "gas"),
            ("f.supplied", "[2024-01-01,)"),
            ("f.address_id", "1"),
        ],
    );
    assert_eq!(refused.status, 422);
    let said = words(&refused.body);
    assert!(said.contains(&format!("A meter cannot be supplied to two customers at once. See {meter}")), "{said}");
}

#[test]
fn all_mistakes_are_told_at_once() {
    let desk = Desk::with_customers();
    let refused = desk.fill(
        "/tables/customer/row/12/edit",
        &[
            ("f.customer_number", "C-001006"),
            ("f.legal_name", ""),
            ("f.credit_limit", "x"),
            ("f.status", "closed"),
            ("f.vat_number", "?"),
        ],
    );
    assert_eq!(refused.status, 422);
    assert!(words(&refused.body).contains("5 things need another look"), "{}", words(&refused.body));
}

#[test]
fn a_new_row_gets_the_databases_defaults() {
    let desk = Desk::with_customers();
    let created = desk.fill(
        "/tables/customer/new",
        &[
            ("f.customer_number", "C-900000"),
            ("f.legal_name", "Neu & Co"),
            ("f.address_id", "7"),
            ("f.billing_address_id", "9"),
        ],
    );
    assert_eq!(created.status, 303, "{}", words(&created.body));
    assert_eq!(
        desk.house.db().text(
            "SELECT concat_ws('|', kind, status, address_id, billing_address_id, tags, customer_since = current_date, \
            marketing_consent IS NULL, notes IS NULL) FROM customer WHERE customer_number = 'C-900000'"
        ),
        "household|prospect|7|9|{}|t|t|t"
    );
    assert!(words(&desk.page(created.header("location"))).contains("clerk created this record."));
}

#[test]
fn a_lost_update_is_refused_and_the_person_decides() {
    let desk = Desk::with_customers();
    let path = "/tables/customer/row/12/edit";
    let mine = desk.form(path).with(&[("f.notes", "mine"), ("f.credit_limit", "5.00")]);
    assert_eq!(desk.fill(path, &[("f.notes", "theirs"), ("f.trading_name", "Zum Anker")]).status, 303);
    let conflict = desk.send(path, &mine);
    assert_eq!(conflict.status, 409);
    let said = words(&conflict.body);
    assert!(said.contains("clerk saved this record") && said.contains("Notes nothing theirs mine Yours"), "{said}");
    assert_eq!(desk.house.db().text("SELECT notes FROM customer WHERE id = 12"), "theirs");
    assert_eq!(desk.send(path, &Form::read(&conflict.body)).status, 303);
    assert_eq!(
        desk.house.db().text("SELECT concat_ws('|', notes, trading_name, credit_limit) FROM customer WHERE id = 12"),
        "mine|Zum Anker|5.00"
    );
}

#[test]
fn what_was_typed_outlives_the_row() {
    let desk = Desk::with_customers();
    let path = "/tables/registry/row/2/edit";
    let mine = desk.form(path).with(&[("f.register", "Typed with care")]);
    desk.house
        .db()
        .batch("UPDATE customer SET registry_id = NULL WHERE registry_id = 2; DELETE FROM registry WHERE id = 2");
    let gone = desk.send(path, &mine);
    assert_eq!(gone.status, 409);
    assert_eq!(Form::read(&gone.body).get("f.register"), Some("Typed with care"));
}

#[test]
fn a_link_is_found_by_its_name_without_a_script() {
    let desk = Desk::with_customers();
    let path = "/tables/customer/row/12/edit";
    let found = desk
        .send(path, &desk.form(path).with(&[("f.notes", "kept"), ("q.address_id", "CHATEL"), ("find", "address_id")]));
    assert_eq!(found.status, 200);
    assert!(words(&found.body).contains("None") && Form::read(&found.body).get("f.notes") == Some("kept"));
    let found = desk.get("/tables/customer/find/11?q.contact_id=chatelain");
    assert!(words(&found.body).contains("Benoît Châtelain"), "accents and capitals count: {}", found.body);
}

#[test]
fn pages_show_every_row_once_in_either_direction() {
    let desk = Desk::with_customers();
    let all = desk.house.db().column("SELECT customer_number FROM customer ORDER BY 1");
    for sort in ["customer_number", "-legal_name", "contact_id", "-contact_id", "status", "-customer_since"] {
        let (mut seen, mut path) = (Vec::new(), format!("/tables/customer?sort={sort}"));
        let mut last = String::new();
        while !path.is_empty() {
            let page = desk.page(&path);
            seen.extend(
                page.split(">C-").skip(1).filter_map(|rest| rest.split('<').next()).map(|number| format!("C-{number}")),
            );
            last = std::mem::replace(&mut path, link(&page, "next"));
        }
        let mut sorted = seen.clone();
        sorted.sort();
        assert_eq!(sorted, all, "sorted by {sort}");
        let back = link(&desk.page(&last), "prev");
        let before = desk.page(&back);
        assert!(
            before.contains(&format!(">{}<", seen[200])) && before.contains(&format!(">{}<", seen[249])),
            "{sort}, back"
        );
    }
}

#[test]
fn a_wrong_address_gets_a_message() {
    let desk = Desk::with_customers();
    for query in
        ["sort=nothing", "after=x", "after=~zz", "after=a,b", "is.id=abc", "is.customer_since=99", "before=~~,x"]
    {
        let page = desk.get(&format!("/tables/customer?{query}"));
        assert_eq!(page.status, 400, "{query}: {}", words(&page.body));
        assert!(words(&page.body).contains("300 rows"), "{query}");
    }
    for path in [
        "/tables/nothing",
        "/tables/customer/row/abc",
        "/tables/customer/row/99999",
        "/tables/customer/row/1,2",
        "/tables/customer/row/~",
    ] {
        assert_eq!(desk.get(path).status, 404, "{path}");
    }
}

#[test]
fn views_and_tables_without_a_key_are_only_read() {
    let sql = "CREATE TABLE heap (a integer, b text); INSERT INTO heap VALUES (1, 'x'), (1, 'x');
        CREATE VIEW seen AS SELECT a, count(*) AS n FROM heap GROUP BY a;";
    let desk = Desk::with(sql, "[[table]]\nname = 'heap'\n[[table]]\nname = 'seen'\n");
    assert!(words(&desk.page("/tables/heap")).contains("no key"));
    assert!(words(&desk.page("/tables/seen")).contains("This is a view"));
    assert!(words(&desk.page("/tables/heap?q=x&sort=-b")).contains("2 rows found"));
    assert_eq!(desk.get("/tables/heap/new").status, 404);
    assert_eq!(desk.get("/tables/seen/row/1").status, 404);
}

fn audited(desk: &Desk) -> i64 {
    desk.house.db().number("SELECT count(*) FROM bluebook.audit WHERE subject LIKE 'public.%'")
}

/// Where the page's link of that relation leads; nowhere if it has none.
fn link(page: &str, rel: &str) -> String {
    let tag = page.split("<a ").find(|tag| tag.contains(&format!("rel=\"{rel}\"")));
    let href = tag.and_then(|tag| tag.split("href=\"").nth(1)).and_then(|rest| rest.split('"').next());
    href.unwrap_or_default().replace("&amp;", "&").replace("&#x3D;", "=")
}

trait JoinAll {
    fn join_all(&self) -> String;
}

impl JoinAll for Vec<Option<String>> {
    fn join_all(&self) -> String {
        self.iter().map(|cell| cell.as_deref().unwrap_or("NULL")).collect::<Vec<_>>().join("|")
    }
}
