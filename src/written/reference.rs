//! Names in one file that another file must have.

use std::ops::Range;

/// What a name refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Referred {
    /// A list of words.
    List,
    /// A rule.
    Rule,
    /// A rule that need not judge: one of the shipped ones will do where their packs are left out.
    AnyRule,
    /// A category of rules.
    Category,
    /// A pack.
    Pack,
    /// A scorecard.
    Card,
}

impl Referred {
    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Rule | Self::AnyRule => "rule",
            Self::Category => "category",
            Self::Pack => "pack",
            Self::Card => "scorecard",
        }
    }
}

/// A name in one file that another file must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What it refers to.
    pub referred: Referred,
    /// The name.
    pub name: String,
    /// Bytes of the file where it stands.
    pub span: Range<usize>,
}
