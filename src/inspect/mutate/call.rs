//! Facts of the call: times of day, lengths and columns.

use super::amounts::{seconds, time};
use super::words::fewer;
use super::{Changed, instead};
use crate::rules::model::{CallCondition, ColumnCondition};
use jiff::civil::Time;
use jiff::{Span, ToSpan};

/// `call` with each of its keys changed.
pub(super) fn changed(call: &CallCondition) -> Changed<CallCondition> {
    let mut changed = times(call);
    changed.extend(lengths(call));
    changed.extend(fewer(call, "days without lexicon:", &call.days, |call, days| call.days = days));
    if let Some(column) = &call.column {
        let flipped = Some(flipped(column));
        changed.push((said_flipped("", column), CallCondition { column: flipped, ..call.clone() }));
    }
    if let Some(unless) = &call.unless {
        let flipped = Some(flipped(unless));
        changed.push((said_flipped("unless_", unless), CallCondition { unless: flipped, ..call.clone() }));
        let what = format!("unless_column without {}", unless.column);
        changed.push((what, CallCondition { unless: None, ..call.clone() }));
    }
    if let Some(agreed) = &call.agreed_column {
        let what = format!("agreed_column without {agreed}");
        changed.push((what, CallCondition { agreed_column: None, ..call.clone() }));
    }
    changed
}

/// An hour earlier and later at either end.
fn times(call: &CallCondition) -> Changed<CallCondition> {
    let Some((from, to)) = call.between else {
        return Vec::new();
    };
    let moved = |time: Time, by: Span| time.wrapping_add(by);
    let others = [(-1).hour(), 1.hour()].map(|by| [(moved(from, by), to), (from, moved(to, by))]);
    let said = |(from, to): (Time, Time)| format!("{} to {}", from.strftime("%H:%M"), to.strftime("%H:%M"));
    // Where both ends fall together, the window is the whole day and no rule can say so.
    let others = others.into_iter().flatten().filter(|(from, to)| from != to);
    let changed = others.map(|other| {
        (instead("between", said(other), said((from, to))), CallCondition { between: Some(other), ..call.clone() })
    });
    changed.collect()
}

fn lengths(call: &CallCondition) -> Changed<CallCondition> {
    let mut changed = Vec::new();
    if let Some(ms) = call.longer_than_ms {
        changed.extend(time(call, "longer_than", ms, |call, ms| call.longer_than_ms = Some(ms)));
        let what = instead("shorter_than", seconds(ms), format!("longer_than {}", seconds(ms)));
        changed.push((what, CallCondition { longer_than_ms: None, shorter_than_ms: Some(ms), ..call.clone() }));
    }
    if let Some(ms) = call.shorter_than_ms {
        changed.extend(time(call, "shorter_than", ms, |call, ms| call.shorter_than_ms = Some(ms)));
        let what = instead("longer_than", seconds(ms), format!("shorter_than {}", seconds(ms)));
        changed.push((what, CallCondition { shorter_than_ms: None, longer_than_ms: Some(ms), ..call.clone() }));
    }
    changed
}

fn flipped(column: &ColumnCondition) -> ColumnCondition {
    ColumnCondition { is: !column.is, ..column.clone() }
}

fn said_flipped(before: &str, column: &ColumnCondition) -> String {
    let (old, new) = if column.is { ("is", "is_not") } else { ("is_not", "is") };
    format!("{before}{new} instead of {before}{old} ({})", column.column)
}
