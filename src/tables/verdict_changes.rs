//! `verdict_changes`: what other rules, or another version, say differently of a call.

use super::error::TableError;
use super::record::{Flat, read_in_call, record};
use crate::score::{Change, ChangeKind, Verdict};
use arrow::array::RecordBatch;

/// One difference between two judgements of a call, and whose call it was.
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictChange {
    /// What differs.
    pub change: Change,
    /// Who spoke for the centre.
    pub agent_id: Option<String>,
    /// The agent's team.
    pub team: Option<String>,
}

/// The rows of `verdict_changes`, each with its call's id, in the order of the table.
///
/// # Errors
/// [`TableError`] where a column is missing or of another type, or holds what no version writes.
pub fn read_verdict_changes(verdict_changes: &RecordBatch) -> Result<Vec<(String, VerdictChange)>, TableError> {
    read_in_call(verdict_changes)
}

record!(VerdictChange {
    change as "": Flat<Change>,
    /// Who spoke for the centre.
    agent_id: Option<String> => dictionary,
    /// The agent's team.
    team: Option<String> => dictionary,
});

record!(Change {
    /// The rule; empty where no finding differs, but the verdict or the score.
    rule: String => dictionary,
    /// What happened to its finding: `added`, `removed`, `changed`.
    kind as "change": ChangeKind => dictionary,
    /// The call's verdict before.
    verdict_before: Option<Verdict> => dictionary,
    /// The call's verdict after.
    verdict_after: Option<Verdict> => dictionary,
    /// The call's score before.
    #[unit = "points"]
    score_before: Option<f64>,
    /// The call's score after.
    #[unit = "points"]
    score_after: Option<f64>,
    /// The finding's measured value before.
    value_before: Option<f64>,
    /// The finding's measured value after.
    value_after: Option<f64>,
    /// The finding's quote before, masked.
    quote_before: Option<String>,
    /// The finding's quote after, masked.
    quote_after: Option<String>,
});
