//! Inspected calls to tables.

use super::calls;
use super::name::TableName;
use super::record::{Record, write_in_call};
use super::verdict_changes::VerdictChange;
use crate::facts::Facts;
use crate::finding::Judgement;
use crate::score::Score;
use arrow::array::RecordBatch;
use jiff::civil::Date;

/// An inspected call: all that is written of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What was observed.
    pub facts: Facts,
    /// What was said of it; `None` where the call failed.
    pub judged: Option<Judged>,
}

impl Row {
    /// The call's local date: the partition it belongs to. `None` where its start is unknown.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        Some(self.facts.call.metadata.started_at?.local_date())
    }
}

/// A call's judgement, and by what it was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// What the rules said.
    pub judgement: Judgement,
    /// What the scorecard said.
    pub score: Score,
    /// The rules.
    pub ruleset_hash: String,
    /// Which of them were in force.
    pub in_force_mode: String,
    /// The version of callsift.
    pub tool_version: String,
}

/// One record batch for each of [`TableName::PER_BATCH`], in that order; empty ones too.
///
/// Calls are sorted by agent (unknown first), then id; other tables follow them, each call's rows in their own order.
#[must_use]
pub fn batches(rows: &[Row]) -> Vec<(TableName, RecordBatch)> {
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by_key(|row| (&row.facts.call.metadata.agent_id, &row.facts.call.call_id));
    vec![
        (TableName::Calls, calls::write(&rows)),
        in_call(TableName::Turns, &rows, |row| &row.facts.turns),
        in_call(TableName::Stretches, &rows, |row| &row.facts.stretches),
        in_call(TableName::Entities, &rows, |row| &row.facts.entities),
        in_call(TableName::Findings, &rows, |row| judged(row, |judged| &judged.judgement.findings)),
        in_call(TableName::ScoreItems, &rows, |row| judged(row, |judged| &judged.score.items)),
        in_call(TableName::NotEvaluated, &rows, |row| judged(row, |judged| &judged.judgement.not_evaluated)),
        in_call(TableName::VerdictChanges, &rows, |_| &[] as &[VerdictChange]),
    ]
}

fn judged<R>(row: &Row, of: impl Fn(&Judged) -> &[R]) -> &[R] {
    row.judged.as_ref().map_or(&[], of)
}

fn in_call<'a, R: Record + 'a>(
    table: TableName,
    rows: &[&'a Row],
    of: impl Fn(&'a Row) -> &'a [R],
) -> (TableName, RecordBatch) {
    let rows = rows.iter().flat_map(|row| of(row).iter().map(|item| (row.facts.call.call_id.as_str(), item)));
    (table, write_in_call(table, rows))
}
