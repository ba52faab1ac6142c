//! `not_evaluated`: one row per applicable rule and call that could not be judged, and why.

use super::error::TableError;
use super::record::{read_in_call, record};
use crate::finding::{NotEvaluated, Reason, Severity};
use arrow::array::RecordBatch;

/// The rows of `not_evaluated`, each with its call's id, in the order of the table.
///
/// # Errors
/// [`TableError`] where a column is missing or of another type, or holds what no version writes.
pub fn read_not_evaluated(not_evaluated: &RecordBatch) -> Result<Vec<(String, NotEvaluated)>, TableError> {
    read_in_call(not_evaluated)
}

record!(NotEvaluated {
    /// The rule's id.
    rule: String => dictionary,
    /// The rule's revision.
    revision: i32,
    /// The rule's category.
    category: String => dictionary,
    /// The rule's severity.
    severity: Severity => dictionary,
    /// Why: `no_transcript`, `no_audio`, `one_channel`, `no_roles`, `no_times`, `no_zone`, `low_confidence`,
    /// `no_emotion`, `emotion_off`, `language`.
    reason: Reason => dictionary,
    /// More on why, for people.
    detail: String => dictionary,
});
