//! What a list of calls shows of each: some columns of `calls` and of `findings`.

use super::error::TableError;
use super::record::{Column, Flat, Record, columns_in_call, read_in_call, read_rows, record};
use crate::facts::Status;
use crate::finding::{RuleStatus, Severity};
use crate::recording::StartedAt;
use crate::score::Verdict;
use arrow::array::RecordBatch;

/// A call in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedCall {
    /// The call.
    pub call_id: String,
    /// The recording's name, masked; `None` for a transcript alone.
    pub recording: Option<String>,
    /// SHA-256 of the recording's bytes, lower-case hex.
    pub file_sha256: Option<String>,
    /// How the inspection went.
    pub status: Status,
    /// When it started.
    pub started_at: Option<StartedAt>,
    /// Who spoke for the centre.
    pub agent_id: Option<String>,
    /// The agent's team.
    pub team: Option<String>,
    /// Length of the recording, ms.
    pub duration_ms: Option<i64>,
    /// 0 to 100; `None` where the call is not judged.
    pub score: Option<f64>,
    /// The verdict; `None` where nothing judged it.
    pub verdict: Option<Verdict>,
}

/// A finding in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedFinding {
    /// The rule's id.
    pub rule: String,
    /// The rule's severity.
    pub severity: Severity,
    /// The rule's status: active or trial.
    pub status: RuleStatus,
    /// What excuses it.
    pub excused_by: Option<String>,
    /// Start of the evidence in the recording, ms.
    pub start_ms: Option<i64>,
    /// The words of the evidence, masked; empty where there are none.
    pub quote: String,
    /// The rule's message, filled in.
    pub message: String,
}

impl ListedFinding {
    /// Whether it counts, as [`crate::finding::Finding::counts`] says it.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.status == RuleStatus::Active && self.excused_by.is_none()
    }
}

/// The calls in `calls`; the other columns need not be there.
///
/// # Errors
/// [`TableError`] where a column of [`ListedCall`] is missing or of another type.
pub fn read_listed_calls(calls: &RecordBatch) -> Result<Vec<ListedCall>, TableError> {
    read_rows(calls)
}

/// The findings in `findings`, each with its call's id; the other columns need not be there.
///
/// # Errors
/// [`TableError`] where a column of [`ListedFinding`] is missing or of another type.
pub fn read_listed_findings(findings: &RecordBatch) -> Result<Vec<(String, ListedFinding)>, TableError> {
    read_in_call(findings)
}

pub(super) fn call_columns() -> Vec<Column> {
    ListedCall::columns("", false)
}

pub(super) fn finding_columns() -> Vec<Column> {
    columns_in_call::<ListedFinding>()
}

record!(ListedCall {
    call_id: String,
    recording: Option<String>,
    file_sha256: Option<String>,
    status: Status,
    started_at as "": Flat<Option<StartedAt>>,
    agent_id: Option<String>,
    team: Option<String>,
    duration_ms: Option<i64>,
    score: Option<f64>,
    verdict: Option<Verdict>,
});

record!(ListedFinding {
    rule: String,
    severity: Severity,
    status as "rule_status": RuleStatus,
    excused_by: Option<String>,
    start_ms: Option<i64>,
    quote: String,
    message: String,
});
