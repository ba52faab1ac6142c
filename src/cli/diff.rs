//! `callsift diff`: what two datasets say differently.

use super::args::{Diff, ListFormat};
use super::recheck::changes_text;
use super::summary::count;
use super::{EXIT_IO, EXIT_OK, EXIT_SOME_FAILED, no_dataset, print};
use crate::batch::{Compared, Days, compare};
use crate::dataset::Snapshot;
use crate::score::Change;
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write as _;

/// Runs the command; returns the exit code.
pub(super) fn run(args: &Diff) -> u8 {
    let (before, after) = match (Snapshot::open(&args.before), Snapshot::open(&args.after)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(error), _) => return no_dataset(&args.before, &error),
        (_, Err(error)) => return no_dataset(&args.after, &error),
    };
    let days = Days { from: args.days.from, to: args.days.to };
    let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
    let mut is_written = true;
    let compared = compare(&before, &after, days, &mut |call_id, changes| {
        for change in changes.iter().filter(|_| args.format == ListFormat::Jsonl) {
            is_written &= writeln!(stdout, "{}", json_line(call_id, change)).is_ok();
        }
    });
    is_written &= stdout.flush().is_ok();
    drop(stdout);
    match compared {
        Ok(_) if !is_written => EXIT_IO,
        Ok(compared) => {
            let text = if args.format == ListFormat::Text { text(&compared) } else { String::new() };
            let is_same = compared.both.changed_calls + compared.only_before + compared.only_after == 0;
            print(&text, if is_same { EXIT_OK } else { EXIT_SOME_FAILED })
        }
        Err(error) => no_dataset(&args.after, &error),
    }
}

fn json_line(call_id: &str, change: &Change) -> serde_json::Value {
    json!({
        "call_id": call_id,
        "rule": change.rule,
        "change": change.kind.name(),
        "verdict_before": change.verdict_before.map(|verdict| verdict.name()),
        "verdict_after": change.verdict_after.map(|verdict| verdict.name()),
        "score_before": change.score_before,
        "score_after": change.score_after,
        "value_before": change.value_before,
        "value_after": change.value_after,
        "quote_before": change.quote_before,
        "quote_after": change.quote_after,
    })
}

fn text(compared: &Compared) -> String {
    let mut text = format!("{} in both datasets.\n", count(compared.both.calls, "call"));
    for (calls, place) in [(compared.only_before, "first"), (compared.only_after, "second")] {
        if calls > 0 {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{} only in the {place}, or there on another day.", count(calls, "call"));
        }
    }
    text.push_str(&changes_text(&compared.both));
    text
}
