//! The main menu, as a person sees it on a page.

use serde::Serialize;

use super::{Site, resources, visit::SignedIn};
use crate::db::users::Role;

/// Entries that belong together.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    label: &'static str,
    items: Vec<Item>,
}

#[derive(Debug, Serialize)]
struct Item {
    label: String,
    href: String,
    icon: &'static str,
    current: bool,
}

/// All groups.
pub(super) fn of(site: &Site, person: &SignedIn) -> Vec<Group> {
    let item = |label: &str, href: &str, icon| Item {
        current: is_current(href, &person.visit.path),
        label: label.to_owned(),
        href: href.to_owned(),
        icon,
    };
    let data = vec![
        item("Overview", "/", "home"),
        item("Datasets", "/datasets", "database"),
        item("Runs", "/runs", "turn"),
        item("Reports", "/reports", "file"),
        item("Notices", "/notices", "bell"),
    ];
    let mut house = vec![item("Account", "/account", "key")];
    if person.role >= Role::Admin {
        house.push(item("People", "/users", "people"));
        house.push(item("Audit log", "/audit", "list"));
    }
    let tables = resources::menu(&site.parts.setup).map(|(title, href)| item(&title, &href, "table"));
    let tables: Vec<Item> = tables.collect();
    let groups = [("Data", data), ("Tables", tables), ("House", house)];
    groups.into_iter().filter(|(_, items)| !items.is_empty()).map(|(label, items)| Group { label, items }).collect()
}

/// True if the page lies under this entry.
fn is_current(href: &str, path: &str) -> bool {
    let page = path.split_once('?').map_or(path, |(page, _)| page);
    page.strip_prefix(href).is_some_and(|rest| rest.is_empty() || (href != "/" && rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::is_current;

    #[test]
    fn an_entry_is_current_on_the_pages_below_it() {
        assert!(is_current("/", "/"));
        assert!(is_current("/runs", "/runs?state=failed"));
        assert!(is_current("/runs", "/runs/12"));
        assert!(!is_current("/", "/runs"));
        assert!(!is_current("/runs", "/runsaway"));
    }
}
