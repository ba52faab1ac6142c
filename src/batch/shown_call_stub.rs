//! PROVISIONAL: a stand-in for what reads a call to show, to be replaced as a whole by the real one of the same name.

use crate::dataset::{CommittedBatch, DatasetError, Snapshot};
use crate::report::ShownCall;
use crate::tables::{TableName, read_verdicts};

/// The call `call_id` of `batch` with all that is known of it; `None` where it is not there.
///
/// # Errors
/// [`DatasetError`] where one of the batch's files cannot be read.
pub fn shown_call(
    snapshot: &Snapshot,
    batch: &CommittedBatch,
    call_id: &str,
) -> Result<Option<ShownCall>, DatasetError> {
    let Some(facts) = snapshot.read_call(batch, call_id)? else { return Ok(None) };
    let mut verdicts = None;
    for rows in snapshot.read_table(batch, TableName::Calls)? {
        let read = read_verdicts(&rows).map_err(|source| DatasetError::Table { path: batch.name.clone(), source })?;
        verdicts = read.into_iter().find(|(id, _)| id == call_id).map(|(_, verdicts)| verdicts).or(verdicts);
    }
    let findings = snapshot.read_findings(batch, call_id)?;
    Ok(Some(ShownCall { date: batch.date, facts, verdicts: verdicts.flatten(), findings }))
}
