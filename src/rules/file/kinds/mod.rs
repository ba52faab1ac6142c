//! One reader per kind of condition.

pub(super) mod call;
pub(super) mod emotion;
pub(super) mod interruption;
pub(super) mod loudness;
pub(super) mod patterns;
pub(super) mod silence;
pub(super) mod speech_rate;
pub(super) mod words;

use crate::units::Role;
use crate::written::Table;

/// Parties whose acts can be measured.
const PARTIES: [(&str, Option<Role>); 3] =
    [("agent", Some(Role::Agent)), ("customer", Some(Role::Customer)), ("any", None)];

/// Whether `key` says "excludes"; where it is absent, hits count.
fn excludes(table: &Table<'_>, key: &'static str) -> bool {
    table.choice(key, &[("excludes", true), ("ignored", false)]).unwrap_or(false)
}
