//! One reader per kind of condition.

pub(super) mod call;
pub(super) mod emotion;
pub(super) mod entity;
pub(super) mod history;
pub(super) mod interruption;
pub(super) mod loudness;
pub(super) mod measures;
pub(super) mod patterns;
pub(super) mod repeats;
pub(super) mod silence;
pub(super) mod similar_to;
pub(super) mod speech_rate;
pub(super) mod words;

use crate::rules::speakers::Speakers;
use crate::units::Role;
use crate::written::Table;
use crate::written::quantity::Dimension;
use std::ops::RangeInclusive;

/// Parties whose acts can be measured.
pub(in crate::rules::file) const PARTIES: [(&str, Speakers); 3] =
    [("agent", Speakers::one(Role::Agent)), ("customer", Speakers::one(Role::Customer)), ("any", Speakers::ANYONE)];

/// What `negation` and `quotation` can be.
pub(in crate::rules::file) const EXCLUDES: [(&str, bool); 2] = [("excludes", true), ("ignored", false)];

/// Whether `key` says "excludes"; where it is absent, hits count.
fn excludes(table: &Table<'_>, key: &'static str) -> bool {
    table.choice(key, &EXCLUDES).unwrap_or(false)
}

/// The share at `key`, 0 to 1; one outside of `range` is reported.
fn share(table: &Table<'_>, key: &'static str, range: RangeInclusive<f64>) -> Option<f64> {
    let share = table.quantity(key, &[Dimension::Share])?;
    if !range.contains(&share.value.amount) {
        let percent = |share: f64| format!("{} %", (share * 1_000.0).round() / 10.0);
        let allowed = format!("{} to {}", percent(*range.start()), percent(*range.end()));
        table.out_of_range(share.span, &format!("`{key}` is {}", percent(share.value.amount)), &allowed);
    }
    // Hundredths times a number of per cent are not exact.
    Some((share.value.amount * 1e9).round() / 1e9)
}
