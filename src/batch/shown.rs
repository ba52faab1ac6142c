//! Calls to show, out of the batches that hold them.

use crate::dataset::{CommittedBatch, DatasetError, Snapshot, WholeCall};
use crate::report::ShownCall;
use std::collections::{BTreeMap, BTreeSet};

/// The calls `wanted`, each with its batch, in that order; those that are no longer there are left out.
///
/// # Errors
/// A batch cannot be read.
pub fn shown_calls(snapshot: &Snapshot, wanted: &[(CommittedBatch, &str)]) -> Result<Vec<ShownCall>, DatasetError> {
    let mut by_batch: BTreeMap<&CommittedBatch, BTreeSet<&str>> = BTreeMap::new();
    for (batch, call_id) in wanted {
        by_batch.entry(batch).or_default().insert(call_id);
    }
    let mut shown = BTreeMap::new();
    for (batch, call_ids) in by_batch {
        for call in snapshot.read_whole_calls(batch, &call_ids)? {
            let WholeCall { facts, verdicts, findings } = call;
            let call_id = facts.call.call_id.clone();
            shown.insert(call_id, ShownCall { date: batch.date, facts, verdicts, findings });
        }
    }
    Ok(wanted.iter().filter_map(|(_, call_id)| shown.remove(*call_id)).collect())
}
