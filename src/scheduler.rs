//! The scheduler: each second, due slots become rows. It starts nothing.
//!
//! tokio-cron-scheduler is the clock and nothing else. What is due is computed from the schedules, how far slots are
//! planned stands in the database, and one code path serves all that can happen in between: a tick, a restart, a long
//! downtime, an edited cron line, a clock that jumps.

use tokio_util::sync::CancellationToken;

use crate::{
    db::{Connector, outage::Outage},
    job::Job,
    schedules::Schedules,
};

mod clock;
mod planner;
mod policy;

use clock::Clock;
use planner::Planner;
pub use planner::declared;

/// Why a job is off, if it is: its slots are skipped for this reason.
pub type Off = dyn Fn(&Job) -> Option<String> + Send + Sync;

/// The scheduler cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum SchedulerError {
    /// The library that ticks refused to start.
    #[error("the clock does not start")]
    Clock(#[from] tokio_cron_scheduler::JobSchedulerError),
}

/// Plans the slots of `schedules` until `stop`. A database that is down is waited for.
pub async fn run(
    connector: Connector,
    schedules: &Schedules,
    off: &Off,
    stop: CancellationToken,
) -> Result<(), SchedulerError> {
    let mut clock = Clock::start().await?;
    let mut planner = Planner::new(connector, schedules, off);
    let mut outage = Outage::new("scheduler");
    let mut ready = false;
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            () = clock.tick() => (),
        }
        match planner.round().await {
            Ok(()) => {
                outage.answered();
                if !std::mem::replace(&mut ready, true) {
                    tell_systemd(sd_notify::NotifyState::Ready);
                }
            }
            Err(error) => {
                let wait = outage.refused(&error);
                // Ticks that come meanwhile are one tick afterwards.
                tokio::time::timeout(wait, stop.cancelled()).await.ok();
            }
        }
        // A planner that hangs is restarted; one that waits for its database is not.
        tell_systemd(sd_notify::NotifyState::Watchdog);
    }
    tell_systemd(sd_notify::NotifyState::Stopping);
    clock.stop().await;
    Ok(())
}

fn tell_systemd(state: sd_notify::NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::debug!(%error, "systemd was not told");
    }
}
