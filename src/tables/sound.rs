//! Where what was found can be heard: some columns of `calls`, `turns` and `stretches`.

use super::error::TableError;
use super::name::TableName;
use super::record::{Column, Flat, Record, columns_in_call, read_in_call, read_rows, record};
use crate::recording::StartedAt;
use crate::units::Role;
use arrow::array::RecordBatch;

/// A call's recording, and whose call it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallSound {
    /// The call.
    pub call_id: String,
    /// The recording's name as shown, masked; `None` for a transcript alone.
    pub recording: Option<String>,
    /// SHA-256 of the recording's bytes, lower-case hex.
    pub file_sha256: Option<String>,
    /// Size of the recording.
    pub file_bytes: Option<i64>,
    /// Its rate, Hz; `None`, like the two after it, where it could not be decoded.
    pub rate_hz: Option<i32>,
    /// How many channels it has.
    pub channels: Option<i32>,
    /// Its length.
    pub duration_ms: Option<i64>,
    /// When the call started.
    pub started_at: Option<StartedAt>,
    /// Who spoke for the centre, masked.
    pub agent_id: Option<String>,
    /// The agent's team, masked.
    pub team: Option<String>,
}

/// On which channel an utterance was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnChannel {
    /// The utterance, as `turns.turn`.
    pub turn: i32,
    /// Who spoke.
    pub role: Role,
    /// The channel, from 0.
    pub channel: Option<i32>,
}

/// On which channel somebody was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StretchChannel {
    /// The channel, from 0.
    pub channel: i32,
    /// Who.
    pub role: Role,
}

/// The recordings of the calls in `calls`; the other columns need not be there.
///
/// # Errors
/// [`TableError`] where a column of [`CallSound`] is missing or of another type.
pub fn read_call_sounds(calls: &RecordBatch) -> Result<Vec<CallSound>, TableError> {
    read_rows(calls)
}

/// The channel of each utterance in `turns`, with its call's id; the other columns need not be there.
///
/// # Errors
/// [`TableError`] where a column of [`TurnChannel`] is missing or of another type.
pub fn read_turn_channels(turns: &RecordBatch) -> Result<Vec<(String, TurnChannel)>, TableError> {
    read_in_call(turns)
}

/// The channel of each stretch of speech in `stretches`, with its call's id; the other columns need not be there.
///
/// # Errors
/// [`TableError`] where a column of [`StretchChannel`] is missing or of another type.
pub fn read_stretch_channels(stretches: &RecordBatch) -> Result<Vec<(String, StretchChannel)>, TableError> {
    read_in_call(stretches)
}

/// The columns of `table` that the function above for it needs: `calls`, `turns` or `stretches`; none of any other.
#[must_use]
pub fn sound_columns(table: TableName) -> Vec<String> {
    let columns = match table {
        TableName::Calls => CallSound::columns("", false),
        TableName::Turns => columns_in_call::<TurnChannel>(),
        TableName::Stretches => columns_in_call::<StretchChannel>(),
        _ => Vec::new(),
    };
    columns.into_iter().map(|Column { field, .. }| field.name().clone()).collect()
}

record!(CallSound {
    call_id: String,
    recording: Option<String>,
    file_sha256: Option<String>,
    file_bytes: Option<i64>,
    rate_hz: Option<i32>,
    channels: Option<i32>,
    duration_ms: Option<i64>,
    started_at as "": Flat<Option<StartedAt>>,
    agent_id: Option<String>,
    team: Option<String>,
});

record!(TurnChannel {
    turn: i32,
    role: Role,
    channel: Option<i32>,
});

record!(StretchChannel { channel: i32, role: Role });
