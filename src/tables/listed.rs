//! What a list of calls shows of each: some columns of `calls`.

use super::error::TableError;
use super::record::{Flat, Record, read_rows, record};
use crate::facts::Status;
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

/// The calls in `calls`, of which [`listed_call_columns`] are enough.
///
/// # Errors
/// [`TableError`] where a column of [`ListedCall`] is missing or of another type.
pub fn read_listed_calls(calls: &RecordBatch) -> Result<Vec<ListedCall>, TableError> {
    read_rows(calls)
}

/// The columns of `calls` that [`read_listed_calls`] needs.
#[must_use]
pub fn listed_call_columns() -> Vec<String> {
    ListedCall::columns("", false).iter().map(|column| column.field.name().clone()).collect()
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
