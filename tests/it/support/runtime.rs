//! The background runtime that drives database sessions and HTTP for tests that block.

use std::sync::{LazyLock, mpsc};

use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
});

/// Drives `work` to its end on the background runtime; may be called from anywhere, a runtime's thread included.
#[track_caller]
pub(crate) fn block_on<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let (done, result) = mpsc::sync_channel(1);
    RUNTIME.spawn(async move { done.send(work.await) });
    result.recv().expect("the work ends without a panic of its own (printed above)")
}
