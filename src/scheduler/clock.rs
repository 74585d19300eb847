//! The clock: tokio-cron-scheduler, one job, every second, in UTC. It wakes the planner and does nothing else.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Notify, time};
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

/// Without a tick for so long, the clock is helped.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Clock {
    ticking: JobScheduler,
    ticked: Arc<Notify>,
    stands_still: bool,
}

impl Clock {
    pub(super) async fn start() -> Result<Self, JobSchedulerError> {
        let ticked = Arc::new(Notify::new());
        let ticking = JobScheduler::new().await?;
        let tick = Arc::clone(&ticked);
        // An async job in UTC whose body can neither wait nor panic: none of the library's faults can be reached.
        let job = Job::new_async("*/1 * * * * *", move |_, _| {
            let tick = Arc::clone(&tick);
            Box::pin(async move { tick.notify_one() })
        })?;
        ticking.add(job).await?;
        ticking.start().await?;
        Ok(Self { ticking, ticked, stands_still: false })
    }

    /// Waits for the next tick; ticks itself if none comes.
    pub(super) async fn tick(&mut self) {
        let stood_still = time::timeout(PATIENCE, self.ticked.notified()).await.is_err();
        if stood_still && !self.stands_still {
            tracing::warn!("the clock has not ticked for {} s: the planner goes on by itself", PATIENCE.as_secs());
        }
        self.stands_still = stood_still;
    }

    pub(super) async fn stop(mut self) {
        if let Err(error) = self.ticking.shutdown().await {
            tracing::debug!(%error, "the clock did not stop");
        }
    }
}
