//! `bluebook demo`: everything at work on this machine. Real releases, handed out by a local publisher; a schedule that
//! a person can watch; the first report; the admin site with invented customers.

mod address;
mod customers;
mod first_report;
mod ground;
mod news;
mod publisher;
mod releases;
mod shelf;
mod welcome;

use std::{net::TcpListener, sync::Arc, time::Duration};

use diesel::{ExpressionMethods as _, dsl::now};
use tokio_util::sync::CancellationToken;

pub use customers::insert_customers;

use crate::{
    boot::{self, House},
    config::Settings,
    db::{
        RunQueryDsl as _,
        migrations::{self, Set},
        schema::schedules,
    },
};
use first_report::FirstReports;
use publisher::Publisher;
use shelf::Shelf;

/// How lines are shown to the person at the terminal.
pub type Say = fn(&str);

/// How the demo is run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Time between two releases of the local publisher's.
    pub every: Duration,
    /// Whether to forget what earlier demos did.
    pub fresh: bool,
}

/// Runs the demo until it is told to stop.
pub async fn run(settings: Settings, options: Options, say: Say) -> anyhow::Result<()> {
    let stop = boot::stop_on_signal()?;
    let ground = ground::prepare(settings, options.fresh).await?;
    let shelf = Arc::new(Shelf::new(ground.releases, ground.position, options.every));
    let publisher = Publisher::start(shelf.clone())?;
    let mut settings = ground.settings;
    settings.fetch_rewrite = publisher.in_place_of(shelf.hosts());
    say("Starting PostgreSQL and filling the tables ...");
    let house = House::open(settings).await?;
    let ended = show(&house, &shelf, ground.listener, stop, say).await;
    publisher.stop().await;
    let closed = house.close().await;
    say("Everything is stopped. `make demo` goes on where this ended.");
    ended.and(closed)
}

async fn show(
    house: &House,
    shelf: &Arc<Shelf>,
    listener: TcpListener,
    stop: CancellationToken,
    say: Say,
) -> anyhow::Result<()> {
    migrations::apply(house.pool.connector(), Set::Customers).await?;
    insert_customers(&mut *house.pool.get().await?).await?;
    forget_the_pause(house).await?;
    let first_reports = FirstReports::wait(house, shelf.datasets()).await?;
    let link = welcome::sign_in_link(house).await?;
    say(&welcome::text(house, shelf, &link));
    let over = stop.child_token();
    let news = tokio::spawn(news::follow(house.clone(), shelf.clone(), first_reports, over.clone(), say));
    let served = boot::serve(house, listener, stop).await;
    over.cancel();
    news.await?;
    served
}

/// While the demo is stopped its clock stands still: the slots of that time are neither run nor noted as missed, of
/// which a night would bring thousands.
async fn forget_the_pause(house: &House) -> anyhow::Result<()> {
    let conn = &mut *house.pool.get().await?;
    diesel::update(schedules::table).set(schedules::planned_until.eq(now)).execute(conn).await?;
    Ok(())
}
