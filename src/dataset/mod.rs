//! A dataset: what a run has committed, whole or not at all, and reading it back.

mod batch;
mod by_call;
mod columns;
mod commit;
mod compact;
mod content;
mod error;
mod forget;
mod in_flight;
mod layout;
mod log;
mod look;
mod open;
mod parquet_file;
mod redo;
mod runs;
mod seen;
mod snapshot;
mod standing;
mod whole_calls;
#[cfg(test)]
#[cfg(feature = "s3")]
mod in_bucket;
#[cfg(test)]
mod kill_points;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod throws;

pub use batch::{Batch, batch_name};
pub use by_call::RowsByCall;
pub use columns::EncodedColumns;
pub use commit::{Committed, TableContent};
pub use compact::Compacted;
pub use error::DatasetError;
pub use forget::{Erased, Forgotten, Holds, Whose};
pub use log::CommittedBatch;
pub use look::{Holdings, Look};
pub use open::Dataset;
pub use parquet_file::TableFile;
pub use runs::{RunEnd, write_rules_table};
pub use seen::Seen;
pub use snapshot::Snapshot;
pub use standing::{DayStanding, RunStanding, Standing};
pub use whole_calls::WholeCall;
