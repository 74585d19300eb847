//! The admin site through its front door: who may do what, and what nobody may.

mod forms;
mod headers;
mod pages;
mod people;
mod routes;
mod sign_in;

use crate::support::{Daemon, Page, TestHouse, Visitor};

/// A password that is accepted.
const PASSWORD: &str = "correct horse battery";
/// Its hash, as the program made it once: hashing it again for every test would take most of their time.
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$ASiNdjzfdjGFIdhWRPhe1Q$XrCSeIXIOiWAqsAy5nUst9A8HxDMH18WbJk1dDL/Mvg";

/// Somebody with an account, [`PASSWORD`] and a session. `sign_in.rs` goes in by the door.
pub(crate) fn signed_in(house: &TestHouse, daemon: &Daemon, login: &str, role: &str) -> Visitor {
    house.db().batch(&format!(
        "INSERT INTO bluebook.users (login, name, role, password, password_changed_at)
            VALUES ('{login}', '{login}', '{role}', '{HASH}', now());
         INSERT INTO bluebook.sessions (token_hash, user_id, csrf, expires_at)
            SELECT sha256('session of {login}'), id, sha256('forms of {login}'), now() + interval '1 hour'
            FROM bluebook.users WHERE login = '{login}'"
    ));
    let visitor = daemon.visitor();
    visitor.set_cookie("bluebook", &format!("session of {login}"));
    visitor
}

/// Calls a command that prints a one-time link, and gives its path.
fn link(house: &TestHouse, args: &[&str]) -> String {
    let url = house.run(args).expect_code(0).stdout().trim().to_owned();
    let (_, token) = url.split_once("/enter/").expect("a link");
    format!("/enter/{token}")
}

fn password_form<'a>(token: &'a str, password: &'a str) -> [(&'a str, &'a str); 3] {
    [("csrf", token), ("password", password), ("again", password)]
}

/// What forms are made of.
trait Sends {
    /// Sends a form with this visitor's own token, as its pages would.
    fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Page;
    /// The token of the forms that this visitor is shown.
    fn token(&self) -> String;
}

impl Sends for Visitor {
    fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.token();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", token.as_str())]).collect();
        self.post(path, &fields)
    }

    fn token(&self) -> String {
        let account = self.get("/account");
        let page = if account.status == 200 { account } else { self.get("/sign-in") };
        page.input("csrf").expect("a page with a form")
    }
}

/// Signs in by password.
fn try_sign_in(visitor: &Visitor, login: &str, password: &str) -> Page {
    let token = visitor.get("/sign-in").input("csrf").expect("a form");
    visitor.post("/sign-in", &[("csrf", &token), ("login", login), ("password", password)])
}
