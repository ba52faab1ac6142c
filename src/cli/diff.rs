//! `callsift diff`: what two datasets say differently.

use super::args::{Diff, ListFormat};
use super::language::Language;
use super::recheck::{changes_json, push_changes};
use super::terminal::{Page, escaped};
use super::{EXIT_IO, EXIT_OK, EXIT_SOME_FAILED, no_dataset, print_json, print_page};
use crate::batch::{Compared, Days, compare};
use crate::dataset::Snapshot;
use crate::score::Change;
use serde_json::json;
use std::io::Write as _;

/// Runs the command; returns the exit code.
pub(super) fn run(args: &Diff, language: Language) -> u8 {
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
            is_written &= writeln!(stdout, "{}", escaped(&json_line(call_id, change).to_string())).is_ok();
        }
    });
    is_written &= stdout.flush().is_ok();
    drop(stdout);
    match compared {
        Ok(_) if !is_written => EXIT_IO,
        Ok(compared) => {
            let is_same = compared.both.changed_calls + compared.only_before + compared.only_after == 0;
            let code = if is_same { EXIT_OK } else { EXIT_SOME_FAILED };
            match args.format {
                ListFormat::Text => print_page(&page(&compared, language), code),
                ListFormat::Json => print_json(&format!("{:#}\n", as_json(&compared)), code),
                ListFormat::Jsonl => code,
            }
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

fn page(compared: &Compared, language: Language) -> Page {
    let mut page = Page::default();
    let both = language.calls(compared.both.calls);
    page.line(language.pick(format!("两个数据集都有的：{both}。"), format!("{both} in both datasets.")));
    for (calls, chinese, english) in
        [(compared.only_before, "第一个", "first"), (compared.only_after, "第二个", "second")]
    {
        if calls > 0 {
            let calls = language.calls(calls);
            page.line(language.pick(
                format!("只在{chinese}里有、或在另一个里是别的日期的：{calls}。"),
                format!("{calls} only in the {english}, or there on another day."),
            ));
        }
    }
    push_changes(&mut page, &compared.both, language);
    page
}

fn as_json(compared: &Compared) -> serde_json::Value {
    json!({
        "calls": compared.both.calls,
        "only_before": compared.only_before,
        "only_after": compared.only_after,
        "changes": changes_json(&compared.both),
    })
}
