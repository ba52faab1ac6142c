//! Scorecards: every point lost names its finding.

pub mod card;
mod change;
mod excuses;
pub mod file;
mod model;
mod owners;
mod scoring;
#[cfg(test)]
mod testing;

pub use card::Scorecard;
pub use change::{Change, ChangeKind};
pub(crate) use excuses::take_back;
pub use model::{Score, ScoreItem, Verdict};
pub use owners::Owners;
pub use scoring::{not_judged, score};
