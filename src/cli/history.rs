//! Earlier calls of the same customers, from other datasets.

use crate::dataset::{DatasetError, Snapshot};
use crate::recording::PRIOR_DAYS;
use crate::worklist::{EarlierCall, WorkList};
use jiff::ToSpan;
use std::path::Path;

/// Adds the calls that the dataset in `place` holds of the customers in `work`, as far back as matters.
///
/// # Errors
/// There is no dataset, or it cannot be read.
pub(super) fn add_history(work: &mut WorkList, place: &Path) -> Result<(), DatasetError> {
    let snapshot = Snapshot::open(place)?;
    let Some((first, last)) = work.days() else { return Ok(()) };
    // A day more on either side: dates are local, and zones differ.
    let from = first.saturating_sub((PRIOR_DAYS + 1).days());
    let to = last.saturating_add(1.day());
    for batch in snapshot.batches().filter(|batch| batch.date.is_some_and(|date| from <= date && date <= to)) {
        for call in snapshot.read_history(batch)? {
            let customer = call.customer_id.filter(|customer| work.wants(customer));
            if let (Some(customer), Some(prior)) = (customer, call.prior) {
                work.add_earlier(&EarlierCall { customer, call_id: call.call_id, prior });
            }
        }
    }
    Ok(())
}
