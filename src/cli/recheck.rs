//! `callsift recheck`: history by other rules, and what that changes.

use super::args::Recheck;
use super::load::{load_plan, print_line};
use super::progress::Watcher;
use super::signals::stop_flag;
use super::summary::count;
use super::{EXIT_IO, EXIT_OK, EXIT_SET_UP, EXIT_STOPPED, log, no_dataset, print, run_name};
use crate::batch::{Changes, Days, Judges, RecheckOptions, Rechecked, RunError, recheck};
use crate::dataset::{Dataset, RunEnd, Snapshot};
use crate::entities::mask_text;
use crate::inspect::Plan;
use crate::score::Verdict;
use comfy_table::{Table, presets};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

/// So many rules, teams and agents are named.
const NAMED: usize = 10;

/// Judges again and prints the summary; returns the exit code.
pub(super) fn run(args: &Recheck) -> u8 {
    let watcher = Watcher::new(args.progress);
    log::start(args.log_format, watcher.bar());
    let Some((packs, mut plan)) = load_plan(&args.packs, args.scorecard.as_deref()) else { return EXIT_SET_UP };
    plan.in_force = args.in_force;
    if is_same_place(args) {
        print_line("--out is the dataset itself; name another folder, so that both judgements can be compared");
        return EXIT_SET_UP;
    }
    let from = match Snapshot::open(&args.dataset) {
        Ok(from) => from,
        Err(error) => return no_dataset(&args.dataset, &error),
    };
    let to = match Dataset::open(&args.out, &run_name()) {
        Ok(to) => to,
        Err(error) => return no_dataset(&args.out, &error),
    };
    let started = Instant::now();
    let ended = judge_again(args, Judges { plan: &plan, packs: &packs }, &from, &to, &watcher);
    watcher.bar().finish_and_clear();
    match ended {
        Ok(rechecked) => {
            let code = if rechecked.not_begun > 0 { EXIT_STOPPED } else { EXIT_OK };
            print(&text(&rechecked, args, started.elapsed().as_secs_f64()), code)
        }
        Err(error) => {
            tracing::error!("{}", mask_text(&error.to_string()));
            if matches!(error, RunError::Threads(_)) { EXIT_SET_UP } else { EXIT_IO }
        }
    }
}

fn is_same_place(args: &Recheck) -> bool {
    let real = |path: &std::path::Path| path.canonicalize().ok();
    real(&args.dataset).is_some_and(|dataset| real(&args.out) == Some(dataset))
}

fn judge_again(
    args: &Recheck,
    judges: Judges<'_>,
    from: &Snapshot,
    to: &Dataset,
    watcher: &Watcher,
) -> Result<Rechecked, RunError> {
    let mut record = about(args, judges.plan, to.run());
    to.start_run(&record)?;
    to.write_rules(&judges.plan.ruleset_hash, &judges.packs.rule_rows())?;
    let stop = stop_flag();
    let days = Days { from: args.days.from, to: args.days.to };
    let options =
        RecheckOptions { threads: args.threads, memory_bytes: args.memory, days, anew: args.anew, stop: Some(&stop) };
    let rechecked = recheck(from, judges, to, &options, watcher).inspect_err(|error| {
        record.insert("error".into(), json!(mask_text(&error.to_string())));
        // The error itself is what people must see, not that it could not be recorded.
        let _ = to.end_run(&record, RunEnd::Failed);
    })?;
    let changes: usize = rechecked.by_rule.values().map(|changes| changes.sum()).sum();
    let counts = json!({
        "calls": rechecked.calls,
        "already_there": rechecked.already_there,
        "not_begun": rechecked.not_begun,
        "changed_calls": rechecked.changed_calls,
        "changes": changes,
    });
    record.insert("counts".into(), counts);
    to.end_run(&record, if rechecked.not_begun > 0 { RunEnd::Stopped } else { RunEnd::Done })?;
    Ok(rechecked)
}

fn about(args: &Recheck, plan: &Plan, run: &str) -> Map<String, Value> {
    let entries = [
        ("run", json!(run)),
        ("command", json!("recheck")),
        ("tool_version", json!(env!("CARGO_PKG_VERSION"))),
        ("started_at", json!(jiff::Timestamp::now().to_string())),
        ("inputs", json!([mask_text(&args.dataset.to_string_lossy())])),
        ("from", json!(args.days.from.map(|day| day.to_string()))),
        ("to", json!(args.days.to.map(|day| day.to_string()))),
        ("threads", json!(args.threads)),
        ("ruleset_hash", json!(plan.ruleset_hash)),
        ("in_force_mode", json!(plan.in_force.name())),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn text(rechecked: &Rechecked, args: &Recheck, seconds: f64) -> String {
    let mut text = format!("Judged {} again in {seconds:.1} s.\n", count(rechecked.calls, "call"));
    if rechecked.already_there > 0 {
        let there = count(rechecked.already_there, "call");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{there} judged by these rules before: left as they are.");
    }
    if rechecked.not_begun > 0 {
        let left = count(rechecked.not_begun, "call");
        let _ = writeln!(text, "Stopped: {left} not begun. The same command does the rest.");
    }
    let _ = writeln!(text, "Results: {}", mask_text(&args.out.to_string_lossy()));
    text.push_str(&changes_text(rechecked));
    text
}

/// What changed, ending in a line break.
pub(super) fn changes_text(rechecked: &Rechecked) -> String {
    let mut text = format!("\n{} judged otherwise.\n", count(rechecked.changed_calls, "call"));
    let turned = rechecked.verdicts.iter().filter(|((before, after), _)| before != after);
    for ((before, after), calls) in turned {
        let _ = writeln!(text, "  {}: from {} to {}", count(*calls, "call"), verdict(*before), verdict(*after));
    }
    for (title, by) in [("rule", &rechecked.by_rule), ("team", &rechecked.by_team), ("agent", &rechecked.by_agent)] {
        push_table(&mut text, title, by);
    }
    text
}

fn verdict(verdict: Option<Verdict>) -> String {
    verdict.map_or_else(|| "failed".to_owned(), |verdict| verdict.name().replace('_', " "))
}

fn push_table(text: &mut String, title: &str, by: &BTreeMap<String, Changes>) {
    let mut rows: Vec<_> = by.iter().collect();
    rows.sort_by_key(|(name, changes)| (std::cmp::Reverse(changes.sum()), *name));
    if rows.is_empty() || (rows.len() == 1 && rows[0].0.is_empty() && title != "rule") {
        return;
    }
    let more = rows.len().saturating_sub(NAMED);
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header([title, "added", "removed", "changed"]);
    for (name, changes) in rows.into_iter().take(NAMED) {
        let name = match (name.as_str(), title) {
            ("", "rule") => "(score or verdict alone)",
            ("", _) => "(not known)",
            (name, _) => name,
        };
        let counts = [changes.added, changes.removed, changes.changed].map(|count| count.to_string());
        table.add_row([&[name.to_owned()][..], &counts[..]].concat());
    }
    text.push('\n');
    for line in table.lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if more > 0 {
        let _ = writeln!(text, " and {more} more: see verdict_changes");
    }
}
