//! A dataset: what a run has committed, whole or not at all, and reading it back.

mod batch;
mod commit;
mod error;
mod layout;
mod open;
mod parquet_file;
mod read_back;
mod redo;
mod runs;
#[cfg(test)]
mod kill_points;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod throws;

pub use batch::{Batch, batch_name};
pub use commit::Committed;
pub use error::DatasetError;
pub use open::Dataset;
pub use read_back::{CommittedBatch, Fingerprint};
