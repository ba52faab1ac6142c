//! One reader per kind of condition.

pub(super) mod call;
pub(super) mod emotion;
pub(super) mod interruption;
pub(super) mod loudness;
pub(super) mod patterns;
pub(super) mod silence;
pub(super) mod speech_rate;
pub(super) mod words;

use crate::rules::speakers::Speakers;
use crate::units::Role;
use crate::written::Table;

/// Parties whose acts can be measured.
pub(in crate::rules::file) const PARTIES: [(&str, Speakers); 3] =
    [("agent", Speakers::one(Role::Agent)), ("customer", Speakers::one(Role::Customer)), ("any", Speakers::ANYONE)];

/// What `negation` and `quotation` can be.
pub(in crate::rules::file) const EXCLUDES: [(&str, bool); 2] = [("excludes", true), ("ignored", false)];

/// Whether `key` says "excludes"; where it is absent, hits count.
fn excludes(table: &Table<'_>, key: &'static str) -> bool {
    table.choice(key, &EXCLUDES).unwrap_or(false)
}
