//! Scorecards: every point lost names its finding.

pub mod card;
mod change;
mod excuses;
pub mod file;
mod model;
mod scoring;
#[cfg(test)]
mod testing;

pub use card::Scorecard;
pub use change::{Change, ChangeKind};
pub use model::{Score, ScoreItem, Verdict};
pub use scoring::{not_judged, score};
