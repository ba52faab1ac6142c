//! `kind = "silence"`: long silences, and words that excuse them.

use super::{PARTIES, words};
use crate::rules::model::SilenceFor;
use crate::rules::speakers::Speakers;
use crate::written::{Fault, Reference, Table, codes};

pub(in crate::rules::file) fn read(table: &Table<'_>, references: &mut Vec<Reference>) -> SilenceFor {
    let longer_than_ms = table.required_duration_ms("longer_than");
    let of = table.choice("of", &PARTIES).unwrap_or(Speakers::ANYONE);
    let excuses = table.texts("unless_after").unwrap_or_default();
    let (unless_after_phrases, unless_after_lists) = words::phrases_and_lists(table, excuses, references);
    let up_to_ms = table.duration_ms("up_to");
    if table.has("up_to") && !table.has("unless_after") {
        let message = "`up_to` says how long an excuse holds, but there is no `unless_after`";
        table.report(
            Fault::new(codes::MISSING_KEY, table.key_place("up_to"), message).label("add `unless_after = […]`"),
        );
    }
    if let Some(up_to_ms) = up_to_ms.filter(|up_to_ms| *up_to_ms <= longer_than_ms) {
        let [up_to, longer_than] = [up_to_ms, longer_than_ms].map(|ms| ms as f64 / 1_000.0);
        let message = format!("the excuse ends after {up_to} s, before a silence is long ({longer_than} s)");
        table.report(
            Fault::new(codes::NEVER_TRUE, table.value_place("up_to"), message).label("must be more than `longer_than`"),
        );
    }
    SilenceFor { longer_than_ms, of, unless_after_phrases, unless_after_lists, up_to_ms }
}
