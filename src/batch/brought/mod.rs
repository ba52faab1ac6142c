//! The files that people bring to a report: reviews.csv, outcomes.csv and attempts.csv, as `docs/bi.md` describes them.

mod attempts;
mod outcomes;
mod read;
mod reviews;
#[cfg(test)]
mod tests;

pub use read::{BroughtFiles, read_brought};
