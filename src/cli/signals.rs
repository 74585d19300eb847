//! The signals that end a command: at once, or, while it works a run off, as soon as that has ended in order.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// What a command knows of signals. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Signals {
    told: CancellationToken,
    in_hand: Arc<AtomicBool>,
}

impl Signals {
    /// Does a command's work until it ends, or a signal ends it. The first signal only tells a run that is in hand.
    pub(super) async fn mind<T>(&self, work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
        let mut arriving = Arriving::listen()?;
        let mut work = pin!(work);
        loop {
            let by = tokio::select! {
                ended = &mut work => return ended,
                by = arriving.next() => by,
            };
            // Dropping the command drops its House, and with it a private server that it started.
            if self.told.is_cancelled() || !self.in_hand.load(Ordering::SeqCst) {
                anyhow::bail!("stopped before it was done: {by}");
            }
            self.told.cancel();
        }
    }

    /// Takes a run in hand, which ends in order from now on. Refused once there was a signal.
    pub(super) fn take_in_hand(&self) -> anyhow::Result<InHand<'_>> {
        anyhow::ensure!(!self.are_here(), "stopped before it was done");
        self.in_hand.store(true, Ordering::SeqCst);
        Ok(InHand(self))
    }

    /// Whether there was a signal.
    pub(super) fn are_here(&self) -> bool {
        self.told.is_cancelled()
    }

    /// Waits for a signal.
    pub(super) async fn told(&self) {
        self.told.cancelled().await;
    }
}

/// A run is in hand as long as this lives.
#[derive(Debug)]
pub(super) struct InHand<'a>(&'a Signals);

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        self.0.in_hand.store(false, Ordering::SeqCst);
    }
}

struct Arriving {
    interrupt: Signal,
    stop: Signal,
    hang_up: Signal,
}

impl Arriving {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            stop: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "Ctrl-C",
            _ = self.stop.recv() => "SIGTERM",
            _ = self.hang_up.recv() => "the terminal went away",
        }
    }
}
