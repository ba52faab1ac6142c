//! Why a worker ends early.

use crate::tables::TableError;
use crate::worklist::WorkMistake;
use arrow::error::ArrowError;
use std::io;

/// Why a worker ends early.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// What came in is not what it should be: another try changes nothing.
    #[error("{}", listed(.0))]
    Rows(Vec<WorkMistake>),
    /// A table that came in cannot be read.
    #[error("row {row}: {source}")]
    Table {
        /// The row that it is in, from 1.
        row: u64,
        /// What is wrong.
        source: TableError,
    },
    /// What came in is no Arrow IPC stream.
    #[error("standard input is no Arrow IPC stream: {0}; write one with StreamWriter or pyarrow.ipc.new_stream")]
    NotArrow(String),
    /// The stream came to no end.
    #[error("the stream was cut: it has no end-of-stream mark; close the writer, or see why whoever writes it stopped")]
    Cut,
    /// A pipe failed.
    #[error("a pipe failed: {0}")]
    Pipe(#[from] io::Error),
    /// Rows cannot be written.
    #[error("rows cannot be written: {0}")]
    Unwritten(#[from] ArrowError),
    /// The process that inspects ended with this exit code and said why.
    #[error("the process that inspects ended with code {code}")]
    Ended {
        /// Its code.
        code: u8,
    },
    /// The process that inspects died, and not of a recording.
    #[error("the process that inspects died: {0}; try again, and should it die again, see what it said before")]
    Died(String),
}

fn listed(mistakes: &[WorkMistake]) -> String {
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl Trouble {
    /// Whether another try may help.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::Cut | Self::Pipe(_) | Self::Unwritten(_) | Self::Died(_))
    }
}
