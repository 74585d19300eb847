//! What an answer means. It may be long: it is looked into on a thread of its own, and no other run is kept waiting.

use std::sync::Arc;

use bytes::Bytes;
use parsers::{
    Dataset,
    plan::{Answer, Plan, Step, WalkError},
};
use tokio::task;

use super::Came;
use crate::job::Failure;

/// The plan, and its next step.
pub(super) async fn look(
    mut plan: Plan,
    came: &Came,
    content: Bytes,
    dataset: &Arc<Dataset>,
) -> Result<(Plan, Result<Step, WalkError>), Failure> {
    let (url, link, dataset) = (came.from.clone(), came.link.clone(), Arc::clone(dataset));
    let looked = task::spawn_blocking(move || {
        let answer = Answer { url: &url, link: link.as_deref(), content: &content };
        let step = plan.next(&answer, &|page| dataset.tally(page));
        (plan, step)
    });
    looked.await.map_err(Failure::retry)
}
