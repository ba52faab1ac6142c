//! Why a dataset cannot be written or read.

use crate::storage::StorageError;
use crate::tables::TableError;
use jiff::civil::Date;

/// Why a dataset cannot be written or read. Paths are relative to the dataset.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// Input or output failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A table cannot be read.
    #[error("cannot read {path}: {source}")]
    Table {
        /// The file or folder.
        path: String,
        /// Why.
        source: TableError,
    },
    /// A file is not what callsift wrote.
    #[error("cannot read {path} as Parquet: {reason}; restore it from a copy, or write a new dataset")]
    Parquet {
        /// The file.
        path: String,
        /// What the reader says.
        reason: String,
    },
    /// The folder holds something else.
    #[error(
        "the folder holds {found:?} and is no dataset of callsift; choose an empty folder, or one that callsift wrote"
    )]
    NotADataset {
        /// Something that is in it.
        found: String,
    },
    /// There is nothing to read.
    #[error("the folder holds no dataset of callsift; check its path")]
    NoDataset,
    /// A run of that name is under way.
    #[error("a run named {run:?} is writing to this dataset; give this one another name")]
    RunTaken {
        /// The name.
        run: String,
    },
    /// A file of a batch is gone.
    #[error(
        "{path} is gone; if another callsift replaced calls meanwhile, run the same command again, else restore the \
         file from a copy"
    )]
    Gone {
        /// The file.
        path: String,
    },
    /// Another writer has committed in this one's place.
    #[error("{path} was written by another callsift that took over meanwhile; run the same command again")]
    Overtaken {
        /// The record of the commit.
        path: String,
    },
    /// What a commit named is gone or changed.
    #[error("{path} is damaged: {what}; restore it from a copy, or write a new dataset")]
    Damaged {
        /// The file.
        path: String,
        /// What is wrong.
        what: String,
    },
    /// The calls of a batch are not all of one day.
    #[error("a batch holds calls of {one:?} and of {other:?}; commit each day in batches of its own")]
    MixedDates {
        /// One day.
        one: Option<Date>,
        /// Another.
        other: Option<Date>,
    },
    /// A batch without calls.
    #[error("a batch holds no call; commit only batches that do")]
    EmptyBatch,
    /// Two calls of a batch have one id.
    #[error("call {call_id:?} is twice in one batch; give every call an id of its own")]
    DuplicateCall {
        /// The id.
        call_id: String,
    },
    /// A name that cannot be the name of a file everywhere.
    #[error("{value:?} cannot be the name of a {what}; use up to 100 of the characters A-Z a-z 0-9 - _")]
    BadName {
        /// What was to be named.
        what: &'static str,
        /// The name.
        value: String,
    },
}

impl DatasetError {
    /// Stable code, snake_case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Storage(error) => error.code(),
            Self::Table { source, .. } => source.code(),
            Self::Parquet { .. } => "not_parquet",
            Self::NotADataset { .. } => "not_a_dataset",
            Self::NoDataset => "no_dataset",
            Self::RunTaken { .. } => "run_taken",
            Self::Gone { .. } => "gone",
            Self::Overtaken { .. } => "overtaken",
            Self::Damaged { .. } => "damaged",
            Self::MixedDates { .. } => "mixed_dates",
            Self::EmptyBatch => "empty_batch",
            Self::DuplicateCall { .. } => "duplicate_call",
            Self::BadName { .. } => "bad_name",
        }
    }
}
