//! What the demo says first.

use anyhow::Context as _;

use super::shelf::Shelf;
use crate::{
    boot::House,
    db::{
        sign_in_links,
        users::{self, Role},
    },
};

/// The demo's one account. Its password is chosen by whoever follows the link.
const LOGIN: &str = "demo";

/// A one-time link for the demo's account; each start makes a new one, and the one before stops working.
pub(super) async fn sign_in_link(house: &House) -> anyhow::Result<String> {
    let conn = &mut *house.pool.get().await?;
    let known = users::by_login(conn, LOGIN).await?.map(|user| user.id());
    let user = match known {
        Some(user) => user,
        None => users::add(conn, LOGIN, "Demo", Role::Admin).await?.context("the demo's account cannot be made")?,
    };
    Ok(format!("{}{}", house.settings.site(), sign_in_links::create(conn, user).await?))
}

/// Where to look and what to expect.
pub(super) fn text(house: &House, shelf: &Shelf, link: &str) -> String {
    let site = house.settings.site();
    let (datasets, every) = (shelf.datasets(), shelf.every().as_secs());
    let next = match shelf.to_come() {
        0 => "All releases are out; the schedules go on asking and find nothing new.".to_owned(),
        more => format!(
            "A publisher on this machine has real releases of {datasets} datasets. It puts out a newer one every {every}\n  \
             seconds, {more} more in all; the last is an old file with other columns, and is held for you to decide about."
        ),
    };
    format!(
        "\n  Bluebook is running.\n\n  \
         Sign in   {link}\n            (works once, for an hour; you choose a password there, the login is {LOGIN})\n  \
         Site      {site}\n  \
         Files     {}\n\n  \
         {next}\n  \
         The first report follows the first releases. Try: open a customer, change it, look at Runs meanwhile. Once its\n  \
         second release is out, a domain has a past, down to the line of each file:\n\n    \
         bluebook trace us_gov_domains saddlebrooknj.gov --column organization_name --state-dir {}\n\n  \
         Ctrl-C stops everything; the next `make demo` goes on from there. `bluebook demo --fresh` begins anew.\n",
        house.settings.state().path().display(),
        house.settings.state().path().display()
    )
}
