//! `score_items`: one row per scorecard item of a call.

use super::error::TableError;
use super::record::{read_in_call, record};
use super::value::List;
use crate::score::ScoreItem;
use arrow::array::RecordBatch;

/// The items in `score_items`, each with its call's id, in the order of the table.
///
/// # Errors
/// [`TableError`] where a column is missing or of another type.
pub fn read_score_items(score_items: &RecordBatch) -> Result<Vec<(String, ScoreItem)>, TableError> {
    read_in_call(score_items)
}

record!(ScoreItem {
    /// The item's name.
    item: String => dictionary,
    /// The rule it is about; null where it is about a category.
    rule: Option<String> => dictionary,
    /// The category it is about; null where it is about a rule.
    category: Option<String> => dictionary,
    /// Points it is worth.
    #[unit = "points"]
    max_points: f64,
    /// Points lost; negative where a bonus gained them.
    #[unit = "points"]
    lost_points: f64,
    /// Whether any of its rules is applicable to the call.
    applicable: bool,
    /// Whether any of its applicable rules could be evaluated.
    evaluable: bool,
    /// Whether a red line was crossed in it.
    fatal: bool,
    /// The findings that cost the points, as `findings.finding_id`.
    finding_ids: List<String>,
});
