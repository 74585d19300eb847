//! A clerk at the admin site: signed in, filling in forms as a browser would.

use std::fs;

use crate::support::{Daemon, Page, TestHouse, Visitor, eventually};

const PASSWORD: &str = "four words in a row";

/// A running site, and somebody who has signed in.
pub(crate) struct Desk {
    pub(crate) house: TestHouse,
    daemon: Daemon,
    visitor: Visitor,
    csrf: String,
}

impl Desk {
    /// At the six customer tables, filled with the demo's customers.
    pub(crate) fn with_customers() -> Self {
        let house = TestHouse::new();
        house.db().batch(include_str!("../../../demo/customers.sql"));
        Self::at(house, "editor")
    }

    /// At tables made by `sql`, shown as `admin_toml` says.
    pub(crate) fn with(sql: &str, admin_toml: &str) -> Self {
        let house = TestHouse::new();
        // The role is called bluebook, and so is the system's schema: without a word, tables would be made there.
        house.db().batch(&format!("SET search_path = public; {sql}"));
        fs::write(house.home().join("admin.toml"), admin_toml).unwrap();
        Self::at(house, "editor")
    }

    fn at(house: TestHouse, role: &str) -> Self {
        let daemon = house.serve();
        let visitor = sign_in(&house, &daemon, "clerk", role);
        let csrf = visitor.get("/account").input("csrf").unwrap();
        Self { house, daemon, visitor, csrf }
    }

    /// The same site for somebody else.
    pub(crate) fn somebody(&self, login: &str, role: &str) -> Visitor {
        sign_in(&self.house, &self.daemon, login, role)
    }

    pub(crate) fn get(&self, path: &str) -> Page {
        self.visitor.get(path)
    }

    /// The page, which must be there.
    #[track_caller]
    pub(crate) fn page(&self, path: &str) -> String {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{path}: {}", words(&page.body));
        page.body
    }

    /// The fields of the form on a page, as a browser would send them.
    #[track_caller]
    pub(crate) fn form(&self, path: &str) -> Form {
        Form::read(&self.page(path))
    }

    /// Sends a form.
    #[track_caller]
    pub(crate) fn send(&self, path: &str, form: &Form) -> Page {
        let mut pairs: Vec<_> = form.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.retain(|(name, _)| *name != "csrf");
        pairs.push(("csrf", &self.csrf));
        self.visitor.post(path, &pairs)
    }

    /// Reads the form of a page, changes these fields and sends it.
    #[track_caller]
    pub(crate) fn fill(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(path, &self.form(path).with(fields))
    }
}

fn sign_in(house: &TestHouse, daemon: &Daemon, login: &str, role: &str) -> Visitor {
    let added = house.run(["user", "add", login, "--role", role]).expect_code(0).stdout();
    let link = added.split_whitespace().find_map(|word| word.split_once("/enter/")).expect("a link").1.to_owned();
    let visitor = daemon.visitor();
    let path = format!("/enter/{link}");
    let csrf = eventually(std::time::Duration::from_secs(10), "the form", || visitor.get(&path).input("csrf"));
    let sent = visitor.post(&path, &[("csrf", &csrf), ("password", PASSWORD), ("again", PASSWORD)]);
    assert_eq!(sent.status, 303, "{}", words(&sent.body));
    visitor
}

/// The fields of a form.
#[derive(Debug, Clone)]
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl Form {
    /// Reads the form of class `sheet`. Knows just the HTML that our own templates write.
    pub(crate) fn read(page: &str) -> Self {
        let form = page.split("<form class=\"sheet\"").nth(1).and_then(|rest| rest.split("</form>").next());
        let (mut fields, mut select) = (Vec::new(), None::<(String, Option<String>)>);
        for tag in form.expect("a form").split('<') {
            let (head, text) = tag.split_once('>').unwrap_or((tag, ""));
            let value = |name: &str| attribute(head, name);
            match head.split_whitespace().next().unwrap_or_default() {
                "input" if value("name").is_some() => {
                    let kind = value("type").unwrap_or_default();
                    let off = ["radio", "checkbox"].contains(&kind.as_str()) && !head.ends_with(" checked");
                    fields
                        .extend(value("name").filter(|_| !off).map(|name| (name, value("value").unwrap_or_default())));
                }
                "textarea" => fields.extend(value("name").map(|name| (name, sent(text)))),
                "select" => select = value("name").map(|name| (name, None)),
                "option" => {
                    if let Some((_, chosen)) = &mut select
                        && (chosen.is_none() || head.ends_with(" selected"))
                    {
                        *chosen = value("value");
                    }
                }
                "/select" => fields.extend(select.take().map(|(name, chosen)| (name, chosen.unwrap_or_default()))),
                _ => {}
            }
        }
        Self(fields)
    }

    /// The same with other values in these fields; fields that it lacks are added, as a forger would.
    pub(crate) fn with(&self, fields: &[(&str, &str)]) -> Self {
        let mut form = self.clone();
        for (name, value) in fields {
            form.0.retain(|(known, _)| known != name);
            form.0.push(((*name).to_owned(), (*value).to_owned()));
        }
        form
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What a browser sends of a text area: its first line break belongs to the markup, the others become CR LF.
fn sent(text: &str) -> String {
    plain(text.strip_prefix('\n').unwrap_or(text)).replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(plain(value))
}

/// Text without HTML's entities.
fn plain(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x60;", "`"), ("&#x3D;", "=")];
    entities.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign)).replace("&amp;", "&")
}

/// The words of a page, for messages and for looking into.
pub(crate) fn words(page: &str) -> String {
    let main = page.split("<main").nth(1).unwrap_or(page);
    let text: String =
        main.split('<').map(|tag| tag.split_once('>').map_or("", |(_, text)| text)).collect::<Vec<_>>().join(" ");
    plain(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
