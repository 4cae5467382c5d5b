//! Several changes that belong together: where a later one certainly failed, those before it are undone.

use crate::error::{Error, Outcome, Result};
use crate::model::{Call, Change, Reply, Road};

/// One change, and what takes it back.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) call: Call,
    pub(super) changes: Vec<Change>,
    pub(super) undo: Vec<Call>,
}

/// Performs the steps and answers the last Action with its reply.
///
/// # Errors
/// That of the step that failed, telling what became of those before it.
pub(super) async fn perform(road: &dyn Road, steps: Vec<Step>) -> Result<Option<(String, Reply)>> {
    let mut last = None;
    for (at, step) in steps.iter().enumerate() {
        match road.change(step.call.clone(), &step.changes).await {
            Ok(reply) => last = Some((step.call.action.clone(), reply)),
            Err(error) => return Err(undone(road, error, steps.iter().take(at).rev()).await),
        }
    }
    Ok(last)
}

/// Takes back what was done, the last first, and tells it with the error.
async fn undone(road: &dyn Road, error: Error, done: impl Iterator<Item = &Step>) -> Error {
    let certain = matches!(error.details().outcome, Some(Outcome::Refused | Outcome::NotSent));
    let (mut back, mut left) = (Vec::new(), Vec::new());
    for step in done {
        if certain && take_back(road, step).await.is_ok() {
            back.push(step.call.action.as_str());
        } else {
            left.push(step.call.action.as_str());
        }
    }
    let hints = [(back, "undone again, since this failed"), (left, "done before this, and left as it is")];
    hints
        .into_iter()
        .filter(|(actions, _)| !actions.is_empty())
        .fold(error, |error, (actions, what)| error.hint(format!("{what}: {}", actions.join(", "))))
}

async fn take_back(road: &dyn Road, step: &Step) -> Result<()> {
    for call in &step.undo {
        road.change(call.clone(), &[]).await?;
    }
    Ok(())
}
