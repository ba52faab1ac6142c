//! What figures count: of each row the columns that they need, so that a month of calls is read quickly.

use super::error::TableError;
use super::record::{Column, Flat, columns_in_call, read_in_call, read_rows, record};
use super::rules_evaluated;
use crate::facts::{CallOutcome, Status};
use crate::finding::{Reason, RuleStatus, Severity};
use crate::recording::StartedAt;
use crate::score::Verdict;
use crate::units::{Role, Span};
use arrow::array::RecordBatch;
use std::collections::BTreeMap;

/// A call, as figures count it. Columns are described in [`super::TableName::Calls`].
#[derive(Clone, Debug, PartialEq)]
pub struct CountedCall {
    /// Its id.
    pub call_id: String,
    /// How the inspection went.
    pub status: Status,
    /// When it started.
    pub started_at: Option<StartedAt>,
    /// Who spoke for the centre.
    pub agent_id: Option<String>,
    /// The agent's team.
    pub team: Option<String>,
    /// Whom the call was with.
    pub customer_id: Option<String>,
    /// Who answered, seen from the debt.
    pub callee_role: Option<String>,
    /// The product.
    pub product: Option<String>,
    /// The stage of the case.
    pub stage: Option<String>,
    /// `inbound` or `outbound`.
    pub direction: Option<String>,
    /// Further columns of the manifest.
    pub extra: BTreeMap<String, String>,
    /// Who decoded the recording; `None` without sound.
    pub decoder: Option<String>,
    /// Length of the recording, ms.
    pub duration_ms: Option<i64>,
    /// Language of the call.
    pub language: Option<String>,
    /// Whether there is a transcript.
    pub has_transcript: bool,
    /// The engine that transcribed it.
    pub engine: Option<String>,
    /// The engine's model.
    pub engine_model: Option<String>,
    /// Mean confidence of the engine, 0 to 1.
    pub engine_confidence: Option<f32>,
    /// What kind of conversation it was.
    pub call_outcome: Option<CallOutcome>,
    /// Whether it was a conversation of 10 s of talk or more.
    pub eligible: bool,
    /// Time the agent spoke, ms.
    pub agent_talk_ms: Option<i64>,
    /// Time the customer spoke, ms.
    pub customer_talk_ms: Option<i64>,
    /// 0 to 100; `None` where it is not judged.
    pub score: Option<f64>,
    /// The verdict.
    pub verdict: Option<Verdict>,
    /// Evaluable points over applicable points, 0 to 1.
    pub coverage: Option<f64>,
    /// The rules that judged it.
    pub ruleset_hash: Option<String>,
}

/// A finding, as figures count it.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedFinding {
    /// Its name.
    pub finding_id: String,
    /// The rule's id.
    pub rule: String,
    /// The rule's revision.
    pub revision: i32,
    /// How grave it is.
    pub severity: Severity,
    /// The rule's status.
    pub status: RuleStatus,
    /// Where the evidence starts, ms.
    pub start_ms: Option<i64>,
    /// The words of the evidence.
    pub quote: String,
    /// Points it cost.
    pub points: f64,
    /// What excuses it.
    pub excused_by: Option<String>,
    /// The rule's message, filled in.
    pub message: String,
}

/// A finding and the rule that reported it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedBy {
    /// The finding.
    pub finding_id: String,
    /// The rule's id.
    pub rule: String,
    /// The rule's revision.
    pub revision: i32,
}

/// A rule that had no answer, as figures count it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedReason {
    /// The rule's id.
    pub rule: String,
    /// Why.
    pub reason: Reason,
}

/// Who spoke when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedTurn {
    /// Who.
    pub role: Role,
    /// When, in the recording.
    pub span: Span,
}

/// The calls in `calls`, of which [`counted_call_columns`] are enough.
///
/// # Errors
/// [`TableError`] where a column is missing or of another type, or holds what no version writes.
pub fn read_counted_calls(calls: &RecordBatch) -> Result<Vec<CountedCall>, TableError> {
    read_rows(calls)
}

/// The findings in `findings`, each with its call's id; [`counted_finding_columns`] are enough.
///
/// # Errors
/// As [`read_counted_calls`].
pub fn read_counted_findings(findings: &RecordBatch) -> Result<Vec<(String, CountedFinding)>, TableError> {
    read_in_call(findings)
}

/// Which rule reported each finding in `findings`; [`reported_by_columns`] are enough.
///
/// # Errors
/// As [`read_counted_calls`].
pub fn read_reported_by(findings: &RecordBatch) -> Result<Vec<ReportedBy>, TableError> {
    read_rows(findings)
}

/// The rows of `not_evaluated`, each with its call's id; [`counted_reason_columns`] are enough.
///
/// # Errors
/// As [`read_counted_calls`].
pub fn read_counted_reasons(not_evaluated: &RecordBatch) -> Result<Vec<(String, CountedReason)>, TableError> {
    read_in_call(not_evaluated)
}

/// The rows of `turns`, each with its call's id; [`counted_turn_columns`] are enough.
///
/// # Errors
/// As [`read_counted_calls`].
pub fn read_counted_turns(turns: &RecordBatch) -> Result<Vec<(String, CountedTurn)>, TableError> {
    read_in_call(turns)
}

/// The columns of `calls` that [`read_counted_calls`] and [`super::read_rules_evaluated`] need.
#[must_use]
pub fn counted_call_columns() -> Vec<String> {
    names(columns_of::<CountedCall>().into_iter().chain(rules_evaluated::columns()))
}

/// The columns of `findings` that [`read_counted_findings`] needs.
#[must_use]
pub fn counted_finding_columns() -> Vec<String> {
    names(columns_in_call::<CountedFinding>())
}

/// The columns of `findings` that [`read_reported_by`] needs.
#[must_use]
pub fn reported_by_columns() -> Vec<String> {
    names(columns_of::<ReportedBy>())
}

/// The columns of `not_evaluated` that [`read_counted_reasons`] needs.
#[must_use]
pub fn counted_reason_columns() -> Vec<String> {
    names(columns_in_call::<CountedReason>())
}

/// The columns of `turns` that [`read_counted_turns`] needs.
#[must_use]
pub fn counted_turn_columns() -> Vec<String> {
    names(columns_in_call::<CountedTurn>())
}

fn columns_of<R: super::record::Record>() -> Vec<Column> {
    R::columns("", false)
}

fn names(columns: impl IntoIterator<Item = Column>) -> Vec<String> {
    columns.into_iter().map(|column| column.field.name().clone()).collect()
}

record!(CountedCall {
    call_id: String,
    status: Status,
    started_at as "": Flat<Option<StartedAt>>,
    agent_id: Option<String>,
    team: Option<String>,
    customer_id: Option<String>,
    callee_role: Option<String>,
    product: Option<String>,
    stage: Option<String>,
    direction: Option<String>,
    extra: BTreeMap<String, String>,
    decoder: Option<String>,
    duration_ms: Option<i64>,
    language: Option<String>,
    has_transcript: bool,
    engine: Option<String>,
    engine_model: Option<String>,
    engine_confidence: Option<f32>,
    call_outcome: Option<CallOutcome>,
    eligible: bool,
    agent_talk_ms: Option<i64>,
    customer_talk_ms: Option<i64>,
    score: Option<f64>,
    verdict: Option<Verdict>,
    coverage: Option<f64>,
    ruleset_hash: Option<String>,
});

record!(CountedFinding {
    finding_id: String,
    rule: String,
    revision: i32,
    severity: Severity,
    status as "rule_status": RuleStatus,
    start_ms: Option<i64>,
    quote: String,
    points: f64,
    excused_by: Option<String>,
    message: String,
});

record!(ReportedBy { finding_id: String, rule: String, revision: i32 });

record!(CountedReason { rule: String, reason: Reason });

record!(CountedTurn {
    role: Role,
    span as "": Flat<Span>,
});
