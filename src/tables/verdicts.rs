//! The columns of `calls` that say how a call was judged, and those that say whether it must be judged again.

use super::error::TableError;
use super::record::{Column, Flat, Record, read_rows, record};
use super::rows::{Judged, Row};
use crate::facts::{CallOutcome, Status};
use crate::finding::Severity;
use crate::recording::{PriorCall, StartedAt};
use crate::score::Verdict;
use arrow::array::RecordBatch;
use std::collections::BTreeSet;

/// What a run said of a call, as `calls` keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdicts {
    /// Findings of active rules that nothing excuses, by severity, lightest first.
    pub findings_note: i32,
    /// Minor ones.
    pub findings_minor: i32,
    /// Major ones.
    pub findings_major: i32,
    /// Critical ones.
    pub findings_critical: i32,
    /// Fatal ones.
    pub findings_fatal: i32,
    /// 0 to 100; `None` where the call is not judged.
    pub score: Option<f64>,
    /// The grade.
    pub grade: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why the call is not judged; empty otherwise.
    pub not_judged_because: String,
    /// Evaluable points over applicable points, 0 to 1.
    pub coverage: Option<f64>,
    /// Whether a red line was crossed.
    pub fatal: bool,
    /// Whether the verdict awaits a person's review.
    pub pending: bool,
    /// The card's id.
    pub scorecard: String,
    /// The rules that judged.
    pub ruleset_hash: String,
    /// Which of them were in force.
    pub in_force_mode: String,
    /// The version of callsift that judged.
    pub tool_version: String,
}

/// How a call stands, for an account of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallState {
    /// How the inspection went.
    pub status: Status,
    /// Stable code of what failed.
    pub error_code: Option<String>,
    /// Whether inspecting it again may go better.
    pub error_retryable: Option<bool>,
    /// The engine that transcribed it.
    pub engine: Option<String>,
    /// The engine's model.
    pub engine_model: Option<String>,
    /// The rules that judged it; `None` where it was not judged.
    pub ruleset_hash: Option<String>,
    /// Which of them were in force.
    pub in_force_mode: Option<String>,
    /// The version of callsift that judged it.
    pub tool_version: Option<String>,
}

/// A call as an earlier one of its customer.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoricCall {
    /// The call.
    pub call_id: String,
    /// Its customer.
    pub customer_id: Option<String>,
    /// What is known of it; `None` where its start is not.
    pub prior: Option<PriorCall>,
}

/// What tells whether a call must be inspected again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallKey {
    /// The call.
    pub call_id: String,
    /// SHA-256 of the recording's bytes.
    pub file_sha256: Option<String>,
    /// SHA-256 of the transcript's bytes.
    pub transcript_sha256: Option<String>,
    /// SHA-256 of the call's metadata.
    pub metadata_sha256: String,
    /// Hash of the settings that shape facts.
    pub settings_hash: String,
    /// How the inspection went.
    pub status: Status,
    /// Stable code of what failed.
    pub error_code: Option<String>,
    /// Whether inspecting it again may go better.
    pub error_retryable: Option<bool>,
    /// Who spoke for the centre.
    pub agent_id: Option<String>,
    /// The agent's team.
    pub team: Option<String>,
    /// The rules that judged it; `None` where it was not judged.
    pub ruleset_hash: Option<String>,
    /// Which of them were in force.
    pub in_force_mode: Option<String>,
    /// The version of callsift that judged it; `None` where it was not judged.
    pub tool_version: Option<String>,
}

/// The keys of the calls in `calls`; the other columns need not be there.
///
/// # Errors
/// [`TableError`] where a column of [`CallKey`] is missing or of another type.
pub fn read_call_keys(calls: &RecordBatch) -> Result<Vec<CallKey>, TableError> {
    read_rows(calls)
}

/// How each call in `calls` stands; the other columns need not be there.
///
/// # Errors
/// [`TableError`] where a column of [`CallState`] is missing or of another type.
pub fn read_call_states(calls: &RecordBatch) -> Result<Vec<CallState>, TableError> {
    read_rows(calls)
}

/// What each call in `calls` is as an earlier call of its customer; the other columns need not be there. `stopped` are
/// the ids of calls in which somebody asked not to be called again.
///
/// # Errors
/// [`TableError`] where a column of [`HistoricCall`] is missing or of another type.
pub fn read_history(calls: &RecordBatch, stopped: &BTreeSet<String>) -> Result<Vec<HistoricCall>, TableError> {
    let rows: Vec<Talk> = read_rows(calls)?;
    Ok(rows.into_iter().map(|row| row.into_history(stopped)).collect())
}

/// The id and customer of each call in `calls`; the other columns need not be there.
///
/// # Errors
/// [`TableError`] where a column is missing or of another type.
pub fn read_customers(calls: &RecordBatch) -> Result<Vec<(String, Option<String>)>, TableError> {
    let rows: Vec<CustomersCall> = read_rows(calls)?;
    Ok(rows.into_iter().map(|row| (row.call_id, row.customer_id)).collect())
}

/// The judgement of each call in `calls`, with its id; `None` where it was not judged.
///
/// # Errors
/// [`TableError`] where a column is missing or of another type.
pub fn read_verdicts(calls: &RecordBatch) -> Result<Vec<(String, Option<Verdicts>)>, TableError> {
    let rows: Vec<JudgedCall> = read_rows(calls)?;
    Ok(rows.into_iter().map(|row| (row.call_id, row.verdicts)).collect())
}

impl CallKey {
    /// The key of `row`, as its file in `calls` has it.
    #[must_use]
    pub fn of(row: &Row) -> Self {
        let (call, judged) = (&row.facts.call, row.judged.as_ref());
        Self {
            call_id: call.call_id.clone(),
            file_sha256: call.file_sha256.clone(),
            transcript_sha256: call.transcript_sha256.clone(),
            metadata_sha256: call.metadata_sha256.clone(),
            settings_hash: call.settings_hash.clone(),
            status: call.status,
            error_code: call.error.as_ref().map(|error| error.code.clone()),
            error_retryable: call.error.as_ref().map(|error| error.retryable),
            agent_id: call.metadata.agent_id.clone(),
            team: call.metadata.team.clone(),
            ruleset_hash: judged.map(|judged| judged.ruleset_hash.clone()),
            in_force_mode: judged.map(|judged| judged.in_force_mode.clone()),
            tool_version: judged.map(|judged| judged.tool_version.clone()),
        }
    }
}

pub(super) fn key_columns() -> Vec<Column> {
    CallKey::columns("", false)
}

pub(super) fn state_columns() -> Vec<Column> {
    CallState::columns("", false)
}

pub(super) fn verdicts_of(judged: &Judged) -> Verdicts {
    let findings = &judged.judgement.findings;
    let counting = || findings.iter().filter(|finding| finding.counts());
    let of = |severity: Severity| counting().filter(|finding| finding.severity == severity).count() as i32;
    let score = &judged.score;
    Verdicts {
        findings_note: of(Severity::Note),
        findings_minor: of(Severity::Minor),
        findings_major: of(Severity::Major),
        findings_critical: of(Severity::Critical),
        findings_fatal: of(Severity::Fatal),
        score: score.score,
        grade: score.grade.clone(),
        verdict: score.verdict,
        not_judged_because: score.not_judged_because.clone(),
        coverage: score.coverage,
        fatal: score.fatal,
        pending: score.pending,
        scorecard: score.scorecard.clone(),
        ruleset_hash: judged.ruleset_hash.clone(),
        in_force_mode: judged.in_force_mode.clone(),
        tool_version: judged.tool_version.clone(),
    }
}

record!(Verdicts {
    /// Findings of active rules that are notes; null, like the columns after it, where the call was not judged.
    /// Findings of trial rules, and those that are excused, are in `findings` alone.
    findings_note: i32,
    /// Minor findings of active rules.
    findings_minor: i32,
    /// Major findings of active rules.
    findings_major: i32,
    /// Critical findings of active rules.
    findings_critical: i32,
    /// Fatal findings of active rules: red lines crossed.
    findings_fatal: i32,
    /// The call's score, 0 to 100; null where the verdict is `not_judged`.
    #[unit = "points"]
    score: Option<f64>,
    /// `A` from 90, `B` from 80, `C` from 60, `D` below; null where there is no score.
    grade: Option<String> => dictionary,
    /// `pass`, `review`, `fail`, or `not_judged` where too little could be evaluated.
    verdict: Verdict => dictionary,
    /// Why the verdict is `not_judged`; empty otherwise.
    not_judged_because: String => dictionary,
    /// Evaluable points over applicable points, 0 to 1; null where no rule is applicable.
    coverage: Option<f64>,
    /// Whether a red line was crossed.
    fatal: bool,
    /// Whether the verdict awaits a person's review.
    pending: bool,
    /// The scorecard's id.
    scorecard: String => dictionary,
    /// The rules that judged: the name of a file in `rules`.
    ruleset_hash: String => dictionary,
    /// Which rules counted as in force: `own-day` for the rules of the call's day; other modes are what-if.
    in_force_mode: String => dictionary,
    /// The version of callsift that judged.
    tool_version: String => dictionary,
});

record!(CallState {
    status: Status,
    error_code: Option<String>,
    error_retryable: Option<bool>,
    engine: Option<String>,
    engine_model: Option<String>,
    ruleset_hash: Option<String>,
    in_force_mode: Option<String>,
    tool_version: Option<String>,
});

record!(CallKey {
    call_id: String,
    file_sha256: Option<String>,
    transcript_sha256: Option<String>,
    metadata_sha256: String,
    settings_hash: String,
    status: Status,
    error_code: Option<String>,
    error_retryable: Option<bool>,
    agent_id: Option<String>,
    team: Option<String>,
    ruleset_hash: Option<String>,
    in_force_mode: Option<String>,
    tool_version: Option<String>,
});

/// What [`read_history`] reads of a row.
struct Talk {
    call_id: String,
    customer_id: Option<String>,
    started_at: Option<StartedAt>,
    direction: Option<String>,
    callee_role: Option<String>,
    call_outcome: Option<CallOutcome>,
    agent_talk_ms: Option<i64>,
    customer_talk_ms: Option<i64>,
}

record!(Talk {
    call_id: String,
    customer_id: Option<String>,
    started_at as "": Flat<Option<StartedAt>>,
    direction: Option<String>,
    callee_role: Option<String>,
    call_outcome: Option<CallOutcome>,
    agent_talk_ms: Option<i64>,
    customer_talk_ms: Option<i64>,
});

impl Talk {
    /// Answered is a call in which the customer speaks, and is neither a voicemail nor an announcement. That nobody was
    /// heard to ask for an end of the calls does not mean that nobody did; numbers are not in the tables.
    fn into_history(self, stopped: &BTreeSet<String>) -> HistoricCall {
        let a_human = |outcome| matches!(outcome, CallOutcome::Conversation | CallOutcome::TooShort);
        let talk_ms = self.agent_talk_ms.zip(self.customer_talk_ms).map(|(agent, customer)| agent + customer);
        let prior = self.started_at.map(|started_at| PriorCall {
            started_at_us: started_at.timestamp_us,
            direction: self.direction,
            answered: self.call_outcome.map(a_human),
            talk_s: talk_ms.map(|ms| ms as f32 / 1000.0),
            callee_role: self.callee_role,
            same_number: None,
            stop_requested: stopped.contains(&self.call_id).then_some(true),
        });
        HistoricCall { call_id: self.call_id, customer_id: self.customer_id, prior }
    }
}

pub(super) fn history_columns() -> Vec<Column> {
    Talk::columns("", false)
}

/// What [`read_customers`] reads of a row.
struct CustomersCall {
    call_id: String,
    customer_id: Option<String>,
}

record!(CustomersCall {
    call_id: String,
    customer_id: Option<String>,
});

/// What [`read_verdicts`] reads of a row.
struct JudgedCall {
    call_id: String,
    verdicts: Option<Verdicts>,
}

record!(JudgedCall {
    call_id: String,
    verdicts as "": Flat<Option<Verdicts>>,
});
