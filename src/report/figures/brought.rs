//! What people bring: decisions of reviewers, what calls led to, the dialler's log.

use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;

/// What people bring besides a dataset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Brought {
    /// Decisions of reviewers, in the order of their file.
    pub reviews: Option<Vec<Review>>,
    /// What calls led to, by call.
    pub outcomes: Option<BTreeMap<String, Outcome>>,
    /// The dialler's log.
    pub attempts: Option<Attempts>,
    /// What the work cost.
    pub cost: Option<f64>,
    /// The last day of which the outcomes know. `None`: the last day on which one of them says that something came.
    pub known_until: Option<Date>,
}

impl Brought {
    /// The last day of which the outcomes know; `None` where nothing tells.
    #[must_use]
    pub fn last_known_day(&self) -> Option<Date> {
        let events = || self.outcomes.iter().flat_map(|outcomes| outcomes.values()).flat_map(Outcome::events);
        self.known_until.or_else(|| events().max())
    }
}

/// What a person decided about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// It is right.
    Upheld,
    /// It is wrong, or excused.
    Overturned,
    /// There was a violation that no finding reports.
    Missed,
}

impl Decision {
    /// All decisions.
    pub const ALL: [Self; 3] = [Self::Upheld, Self::Overturned, Self::Missed];

    /// Its name in reviews.csv.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Overturned => "overturned",
            Self::Missed => "missed",
        }
    }
}

/// Why a person looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Selection {
    /// By chance.
    Random,
    /// Something looked bad.
    Risk,
    /// Somebody appealed.
    Appeal,
}

impl Selection {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Random, Self::Risk, Self::Appeal];

    /// Its name in reviews.csv.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Risk => "risk",
            Self::Appeal => "appeal",
        }
    }
}

/// A line of reviews.csv.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Review {
    /// A name of the line.
    pub review_id: Option<String>,
    /// The finding; `None` for what was missed.
    pub finding_id: Option<String>,
    /// When it was decided, µs since 1970 UTC.
    pub decided_us: Option<i64>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// The rule.
    pub rule: Option<String>,
    /// Why a person looked.
    pub selection: Option<Selection>,
    /// How likely it was to be chosen, above 0 to 1.
    pub probability: Option<f64>,
    /// The review appealed against.
    pub appeal_of: Option<String>,
}

/// A line of outcomes.csv.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The day by which the customer promised to pay.
    pub promised: Option<Date>,
    /// The day of the first payment after the call.
    pub paid_at: Option<Date>,
    /// What was paid.
    pub amount: Option<f64>,
    /// The day on which the customer complained.
    pub complaint_at: Option<Date>,
}

impl Outcome {
    /// The days on which something came.
    fn events(&self) -> impl Iterator<Item = Date> {
        self.paid_at.into_iter().chain(self.complaint_at)
    }
}

/// The dialler's log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// The attempts.
    pub list: Vec<Attempt>,
    /// Ids of debtors as they may be shown; attempts name their places.
    pub customers: Vec<String>,
    /// Keys of numbers as they may be shown, never numbers.
    pub numbers: Vec<String>,
}

/// One attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Local time of the ring.
    pub ring_local: DateTime,
    /// The debtor, as a place in [`Attempts::customers`].
    pub customer: Option<u32>,
    /// The number, as a place in [`Attempts::numbers`].
    pub number: Option<u32>,
    /// Whom it was to reach.
    pub callee: Option<Callee>,
    /// Whether somebody answered.
    pub is_answered: bool,
    /// Whether the number was found to be no number.
    pub is_invalid: bool,
}

/// Who was called, seen from the debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callee {
    /// The debtor.
    Debtor,
    /// Somebody who stands for the debt.
    Guarantor,
    /// Somebody who owes it too.
    CoDebtor,
    /// A relative or a friend.
    RelatedThird,
    /// Somebody else.
    UnrelatedThird,
    /// Not known.
    Unknown,
}

impl Callee {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Debtor, Self::Guarantor, Self::CoDebtor, Self::RelatedThird, Self::UnrelatedThird, Self::Unknown];

    /// Its name in manifests and in attempts.csv.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Debtor => "debtor",
            Self::Guarantor => "guarantor",
            Self::CoDebtor => "co_debtor",
            Self::RelatedThird => "related_third",
            Self::UnrelatedThird => "unrelated_third",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it is a third person.
    #[must_use]
    pub const fn is_third(self) -> bool {
        matches!(self, Self::RelatedThird | Self::UnrelatedThird)
    }
}
