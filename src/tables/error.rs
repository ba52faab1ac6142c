//! Why a table cannot be read.

/// Why a table cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// A column that every version writes is not there.
    #[error("column {column} is missing; the file was not written by callsift, or is damaged: inspect its calls again")]
    MissingColumn {
        /// The column.
        column: String,
    },
    /// A column has another type than the one documented.
    #[error("column {column} is {found}, not {expected}; write the file with callsift, not with another tool")]
    WrongType {
        /// The column.
        column: String,
        /// The documented type.
        expected: String,
        /// The type found.
        found: String,
    },
    /// A value that no version of the tool writes, or one that a later version does.
    #[error(
        "column {column} holds {value:?}, which this version does not know; read it with the version that wrote it"
    )]
    UnknownValue {
        /// The column.
        column: String,
        /// The value.
        value: String,
    },
    /// A row lacks a value that every row has.
    #[error("row {row} lacks a value in a column that is never empty; the file is damaged: inspect its calls again")]
    NullValue {
        /// 0-based place in its record batch.
        row: usize,
    },
    /// Two rows of `calls` have the same id.
    #[error("call {call_id:?} is there twice; give every call an id of its own")]
    DuplicateCall {
        /// The id.
        call_id: String,
    },
    /// A row belongs to a call that is not there.
    #[error("table {table} has a row of call {call_id:?}, which is not in calls; inspect the call again")]
    StrayRow {
        /// The table.
        table: &'static str,
        /// The id.
        call_id: String,
    },
}

impl TableError {
    /// Stable code, snake_case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MissingColumn { .. } => "missing_column",
            Self::WrongType { .. } => "wrong_type",
            Self::UnknownValue { .. } => "unknown_value",
            Self::NullValue { .. } => "null_value",
            Self::DuplicateCall { .. } => "duplicate_call",
            Self::StrayRow { .. } => "stray_row",
        }
    }
}
