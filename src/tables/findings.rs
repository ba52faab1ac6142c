//! `findings`: one row per thing a rule reported.

use super::error::TableError;
use super::record::{Column, columns_in_call, read_in_call, record};
use crate::finding::{Finding, MatchKind, RuleStatus, Severity};
use crate::units::Role;
use arrow::array::RecordBatch;

/// The findings in `findings`, each with its call's id, in the order of the table.
///
/// # Errors
/// [`TableError`] where a column is missing or of another type, or holds what no version writes.
pub fn read_findings(findings: &RecordBatch) -> Result<Vec<(String, Finding)>, TableError> {
    read_in_call(findings)
}

/// The call and the rule of each finding in `findings`; the other columns need not be there.
///
/// # Errors
/// [`TableError`] where one of the two columns is missing or of another type.
pub fn read_reporting_rules(findings: &RecordBatch) -> Result<Vec<(String, String)>, TableError> {
    let rows: Vec<(String, Reporting)> = read_in_call(findings)?;
    Ok(rows.into_iter().map(|(call_id, reporting)| (call_id, reporting.rule)).collect())
}

pub(super) fn reporting_columns() -> Vec<Column> {
    columns_in_call::<Reporting>()
}

/// What [`read_reporting_rules`] reads of a row besides its call.
struct Reporting {
    rule: String,
}

record!(Reporting { rule: String });

record!(Finding {
    /// Name of the finding that stays the same when rules change their revision or points: 16 hex digits.
    finding_id: String,
    /// The rule's id.
    rule: String => dictionary,
    /// The rule's revision.
    revision: i32,
    /// The rule's category.
    category: String => dictionary,
    /// `note`, `minor`, `major`, `critical` or `fatal`.
    severity: Severity => dictionary,
    /// Status of the rule: `active`, or `trial` where findings cost nothing.
    status as "rule_status": RuleStatus => dictionary,
    /// The condition of the rule that the finding shows; empty for an absence.
    look_for: String => dictionary,
    /// Who did it; null where the finding has no speaker.
    role: Option<Role> => dictionary,
    /// First utterance of the evidence, as `turns.turn`; null, like the places after it, where there is none.
    turn: Option<i32>,
    /// Last utterance of the evidence.
    turn_end: Option<i32>,
    /// Where the evidence starts in the recording.
    #[unit = "ms"]
    start_ms: Option<i64>,
    /// Where it ends.
    #[unit = "ms"]
    end_ms: Option<i64>,
    /// First character of the evidence in `turns.text`, from 0, in Unicode scalar values.
    char_start: Option<i32>,
    /// First character after it.
    char_end: Option<i32>,
    /// The words of the evidence, masked; empty where there are none.
    quote: String,
    /// The list entry or pattern that matched.
    matched: Option<String> => dictionary,
    /// What kind of evidence it is: `exact`, `variant`, `homophone`, `pattern`, `similar`, `measure`, `absence`.
    match_kind: MatchKind => dictionary,
    /// How far a homophone or similar match is from the listed words.
    distance: Option<f32>,
    /// The measured value, in `unit`.
    value: Option<f64>,
    /// The threshold it was held against, in `unit`.
    threshold: Option<f64>,
    /// The unit of both.
    unit: Option<String> => dictionary,
    /// Points it cost.
    #[unit = "points"]
    points: f64,
    /// What excuses it: `script` and the name of an approved script, or `excuse` and the name of an excuse of the scorecard. Null
    /// where nothing does. What is excused costs nothing and counts for no verdict.
    excused_by: Option<String> => dictionary,
    /// The rule's message, filled in.
    message: String,
    /// What to do about it.
    advice: String => dictionary,
    /// The rule's first source.
    source: String => dictionary,
});
