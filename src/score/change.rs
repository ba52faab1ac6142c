//! What differs between two judgements of one call.

use super::model::Verdict;

/// What happened to a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It is there only after.
    Added,
    /// It was there only before.
    Removed,
    /// It is there before and after, and is not the same; or the verdict or the score alone differs.
    Changed,
}

impl ChangeKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Added, Self::Removed, Self::Changed];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// One difference between two judgements of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The rule whose finding differs; empty where only the call's verdict or score does.
    pub rule: String,
    /// What happened to the finding.
    pub kind: ChangeKind,
    /// The call's verdict before; `None` where it was not judged.
    pub verdict_before: Option<Verdict>,
    /// The call's verdict after; `None` where it is not judged.
    pub verdict_after: Option<Verdict>,
    /// The call's score before, points.
    pub score_before: Option<f64>,
    /// The call's score after, points.
    pub score_after: Option<f64>,
    /// The finding's measured value before; `None` where it has none, or was not there.
    pub value_before: Option<f64>,
    /// The finding's measured value after.
    pub value_after: Option<f64>,
    /// The finding's quote before; `None` where it was not there.
    pub quote_before: Option<String>,
    /// The finding's quote after.
    pub quote_after: Option<String>,
}
