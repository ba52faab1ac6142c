//! `earlier`: the calls before the call of an example.

use super::example::read_column;
use crate::recording::{PRIOR_DAYS, PriorCall, StartedAt};
use crate::written::quantity::Dimension;
use crate::written::{Fault, Table, codes};

/// The furthest back that an earlier call counts, ms.
const MAX_BEFORE_MS: i64 = PRIOR_DAYS * 24 * 3_600_000;

/// The earlier calls that the example in `table` states, by start. `started_at` is when its own call starts.
pub(super) fn read_all(table: &Table<'_>, started_at: Option<StartedAt>) -> Vec<PriorCall> {
    let tables = table.tables("earlier");
    if !tables.is_empty() && !table.has("started_at") {
        let message = "`earlier` counts back from `started_at`, which is missing";
        let fault = Fault::new(codes::MISSING_KEY, table.key_place("earlier"), message);
        table.report(fault.label("add `started_at = \"2026-11-20T10:00:00+08:00\"`"));
    }
    // Where there is no start, a fault says so.
    let start_us = started_at.map_or(0, |start| start.timestamp_us);
    let mut earlier: Vec<PriorCall> = tables.iter().map(|call| read_one(call, start_us)).collect();
    earlier.sort_by_key(|call| call.started_at_us);
    earlier
}

fn read_one(call: &Table<'_>, start_us: i64) -> PriorCall {
    let read = PriorCall {
        started_at_us: start_us.saturating_sub(read_before(call).saturating_mul(1_000)),
        direction: read_column(call, "direction"),
        answered: call.flag("answered"),
        talk_s: call.duration_ms("talk").map(|ms| ms as f32 / 1_000.0),
        callee_role: read_column(call, "callee_role"),
        same_number: call.flag("same_number"),
        stop_requested: call.flag("stop_requested"),
    };
    call.refuse_unknown_keys();
    read
}

/// How long before the example's call it started, ms.
fn read_before(call: &Table<'_>) -> i64 {
    call.require("before");
    let Some(before) = call.quantity("before", &[Dimension::Time]) else { return 0 };
    let before_ms = before.value.rounded();
    if !(1..=MAX_BEFORE_MS).contains(&before_ms) {
        let written = call.page().text().get(before.span.clone()).unwrap_or_default().trim_matches(['"', '\'']);
        let allowed = format!("1 ms to {} h", MAX_BEFORE_MS / 3_600_000);
        call.out_of_range(before.span, &format!("`before` is {written}"), &allowed);
    }
    before_ms
}
