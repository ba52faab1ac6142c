//! `kind = "speech_rate"`: too fast, too slow.

use crate::rules::model::{RateThreshold, SpeechRate};
use crate::written::quantity::Dimension;
use crate::written::{Fault, Table, codes};

/// Fewer characters say little of a rate.
const MIN_CHARS_COUNT: i64 = 30;
/// Neither does less speech than this.
const MIN_LENGTH_MS: i64 = 5_000;

/// What `over` can be: whether the whole call is measured rather than each utterance.
pub(in crate::rules::file) const OVER: [(&str, bool); 2] = [("turn", false), ("call", true)];

pub(in crate::rules::file) fn read(table: &Table<'_>) -> SpeechRate {
    let (above, below) = (threshold(table, "above"), threshold(table, "below"));
    if !table.has("above") && !table.has("below") {
        let fault =
            Fault::new(codes::MISSING_KEY, table.place(), format!("`above` or `below` is missing in {}", table.name()));
        table.report(fault.label("add `above = \"380 chars/min\"`"));
    }
    let min_chars_count = table.integer("min_chars_count", 0..=100_000).unwrap_or(MIN_CHARS_COUNT);
    SpeechRate {
        above,
        below,
        over_call: table.choice("over", &OVER).unwrap_or(false),
        min_chars_count: i32::try_from(min_chars_count).unwrap_or(i32::MAX),
        min_length_ms: table.duration_ms("min_length").unwrap_or(MIN_LENGTH_MS),
    }
}

/// One rate, or a list of one for each way of counting.
fn threshold(table: &Table<'_>, key: &'static str) -> Option<RateThreshold> {
    let value = table.value(key)?;
    let one = std::slice::from_ref(value);
    let values = value.get_ref().as_array().map_or(one, |items| &**items);
    if values.is_empty() {
        table.report(
            Fault::new(codes::EMPTY, value.span(), format!("`{key}` is an empty list"))
                .label("at least one rate is wanted here"),
        );
    }
    let mut threshold = RateThreshold::default();
    for value in values {
        let Some(rate) = table.quantity_of(value, &format!("`{key}`"), &[Dimension::CharRate, Dimension::WordRate])
        else {
            continue;
        };
        if rate.value.amount <= 0.0 {
            table.out_of_range(rate.span.clone(), &format!("`{key}` is {}", rate.value.amount), "more than 0");
        }
        let slot = match rate.value.dimension {
            Dimension::CharRate => &mut threshold.chars_per_min,
            _ => &mut threshold.words_per_min,
        };
        if slot.replace(rate.value.amount).is_some() {
            let fault = Fault::new(codes::DUPLICATE, rate.span, format!("`{key}` gives two rates of one unit"));
            table.report(fault.help("one in `chars/min` and one in `words/min`"));
        }
    }
    Some(threshold)
}
