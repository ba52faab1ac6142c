//! `kind = "talk_share"`, `"turns"` and `"latency"`: how much somebody speaks, how often, and how soon.

use super::share;
use crate::rules::model::{Answers, Latency, Range};
use crate::written::{Fault, Table, codes};

/// Which answers are timed.
pub(in crate::rules::file) const ANSWERS: [(&str, Answers); 3] =
    [("first", Answers::First), ("turn", Answers::Each), ("call", Answers::Mean)];

pub(in crate::rules::file) fn talk_share(table: &Table<'_>) -> Range {
    let bound = |key| share(table, key, 0.0..=1.0);
    bounded(table, Range { above: bound("above"), below: bound("below") }, ["above", "below"])
}

pub(in crate::rules::file) fn turns(table: &Table<'_>) -> Range {
    let bound = |key| table.integer(key, 0..=100_000).map(|count| count as f64);
    bounded(table, Range { above: bound("above_count"), below: bound("below_count") }, ["above_count", "below_count"])
}

pub(in crate::rules::file) fn latency(table: &Table<'_>) -> Latency {
    let over = table.choice("over", &ANSWERS).unwrap_or(Answers::Each);
    Latency { above_ms: table.required_duration_ms("above"), over }
}

/// `range`, after saying that it has no bound or that nothing lies in it.
pub(super) fn bounded(table: &Table<'_>, range: Range, [above, below]: [&'static str; 2]) -> Range {
    if !table.has(above) && !table.has(below) {
        let message = format!("`{above}` or `{below}` is missing in {}", table.name());
        table.report(Fault::new(codes::MISSING_KEY, table.place(), message).label(format!("add `{above} = …`")));
    }
    if let (Some(low), Some(high)) = (range.above, range.below)
        && low >= high
    {
        let message = format!("nothing is above {low} and below {high}");
        table.report(Fault::new(codes::NEVER_TRUE, table.value_place(below), message));
    }
    range
}
