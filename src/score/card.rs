//! A scorecard as read.

use crate::finding::Severity;
use serde::Serialize;

/// What costs how many points, and which score is good enough.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scorecard {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The least share of applicable points that must be evaluable, 0 to 1; a call under it is not judged.
    pub coverage_at_least: f64,
    /// The least score that passes, 0 to 100.
    pub pass_at_least: f64,
    /// A score under this fails; between the two, a person reviews. At most `pass_at_least`.
    pub fail_below: f64,
    /// A finding of this severity or a graver one keeps a call from passing: a person reviews it. `None`: none does.
    pub review_from: Option<Severity>,
    /// Its items, in the order of the file; at least one has points to lose.
    pub items: Vec<Item>,
    /// Excuses, in the order of the file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excuses: Vec<Excuse>,
}

/// What excuses findings, or a name by which people may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Excuse {
    /// Its name; unique in the card.
    pub name: String,
    /// Rules whose findings it excuses, by their ids.
    pub rules: Vec<String>,
    /// Categories of rules whose findings it excuses.
    pub categories: Vec<String>,
    /// The rule after whose first finding in a call it excuses later ones; `None`: nothing but a person's review does.
    pub after: Option<String>,
}

/// One item of a scorecard.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// Its name; unique in the card.
    pub name: String,
    /// Whose findings count.
    pub about: About,
    /// What they cost or bring.
    pub points: Points,
}

/// Whose findings an item counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum About {
    /// Those of one rule, by its id.
    Rule(String),
    /// Those of every rule of a category.
    Category {
        /// The category.
        category: String,
        /// Only rules of these packs; empty: of any.
        packs: Vec<String>,
    },
}

/// What an item's findings cost or bring.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Points {
    /// Points are lost.
    Deduction {
        /// What the item is worth, and so the most that can be lost; more than 0.
        max_points: f64,
        /// Lost by the first finding.
        first_points: f64,
        /// Lost by each further finding.
        each_points: f64,
    },
    /// Points are gained.
    Bonus {
        /// Gained by each finding.
        bonus_points: f64,
        /// The most that can be gained.
        cap_points: f64,
    },
}
