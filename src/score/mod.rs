//! Scorecards: every point lost names its finding.

pub mod card;
mod change;
pub mod file;
mod model;
mod scoring;

pub use card::Scorecard;
pub use change::{Change, ChangeKind};
pub use model::{Score, ScoreItem, Verdict};
pub use scoring::{not_judged, score};
