//! `kind = "repeats"`: the same said again.

use super::share;
use crate::rules::file::place::read_span_of;
use crate::rules::model::Repeats;
use crate::written::Table;

/// Shorter utterances (好的, 请稍等) are said again and again.
const MIN_CHARS_COUNT: i64 = 6;
/// From here on two utterances are the same, ours: a word of eight may be another.
const SIMILARITY: f64 = 0.8;

pub(in crate::rules::file) fn read(table: &Table<'_>) -> Repeats {
    table.require("repeat_count");
    let repeat_count = table.integer("repeat_count", 2..=100).unwrap_or(2);
    let min_chars_count = table.integer("min_chars_count", 1..=10_000).unwrap_or(MIN_CHARS_COUNT);
    Repeats {
        repeat_count: u32::try_from(repeat_count).unwrap_or(2),
        within: table.text("within").and_then(|written| read_span_of(table, &written)),
        min_chars_count: i32::try_from(min_chars_count).unwrap_or(i32::MAX),
        similarity_above: share(table, "similarity_above", 0.3..=1.0).unwrap_or(SIMILARITY),
    }
}
