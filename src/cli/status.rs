//! `callsift status`: what a dataset holds.

use super::args::{Status, StatusFormat};
use super::summary::count;
use super::{EXIT_OK, no_dataset, print};
use crate::dataset::{Snapshot, Standing};
use comfy_table::{Table, presets};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// So many of the latest days and runs are shown.
const SHOWN: usize = 14;
/// So many stray files are named.
const STRAYS: usize = 5;

/// Runs the command; returns the exit code.
pub(super) fn run(args: &Status) -> u8 {
    match Snapshot::open(&args.dataset).and_then(|snapshot| snapshot.standing()) {
        Ok(standing) => {
            let text = match args.format {
                StatusFormat::Text => text(&standing),
                StatusFormat::Json => format!("{:#}\n", as_json(&standing)),
            };
            print(&text, EXIT_OK)
        }
        Err(error) => no_dataset(&args.dataset, &error),
    }
}

fn text(standing: &Standing) -> String {
    let (days, batches) = (standing.days.len(), standing.days.values().map(|day| day.batches).sum());
    let mut text = [count(standing.calls(), "call"), count(days, "day"), count(batches, "batch")].join(", ") + ".\n";
    text = text.replace("batchs", "batches");
    push_days(&mut text, standing);
    push_counts(
        &mut text,
        "rules",
        standing.rule_sets.iter().map(|(rules, calls)| {
            let name = |(hash, mode): &(String, String)| format!("{hash} ({mode})");
            (rules.as_ref().map_or_else(|| "not judged".to_owned(), name), *calls)
        }),
    );
    push_counts(&mut text, "versions", standing.versions.iter().map(|(version, calls)| (version.clone(), *calls)));
    push_counts(
        &mut text,
        "engines",
        standing.engines.iter().map(|((engine, model), calls)| {
            (model.as_ref().map_or_else(|| engine.clone(), |model| format!("{engine} {model}")), *calls)
        }),
    );
    push_counts(&mut text, "errors", standing.errors.iter().map(|(code, calls)| (code.clone(), *calls)));
    push_runs(&mut text, standing);
    push_stale(&mut text, standing);
    text
}

/// Writing to a string cannot fail.
fn line(text: &mut String, line: &str) {
    let _ = writeln!(text, "{}", line.trim_end());
}

fn push_days(text: &mut String, standing: &Standing) {
    let mut table = table(["day", "calls", "failed", "partly read", "files"]);
    for (day, of) in standing.days.iter().rev().take(SHOWN) {
        let day = day.map_or_else(|| "not known".to_owned(), |day| day.to_string());
        table.add_row([
            day,
            of.calls.to_string(),
            of.failed.to_string(),
            of.partial.to_string(),
            of.batches.to_string(),
        ]);
    }
    push_table(text, &table, standing.days.len());
}

fn push_counts(text: &mut String, title: &str, counts: impl Iterator<Item = (String, usize)>) {
    let mut table = table([title, "calls"]);
    for (name, calls) in counts {
        table.add_row([name, calls.to_string()]);
    }
    if table.row_count() > 0 {
        push_table(text, &table, 0);
    }
}

fn push_runs(text: &mut String, standing: &Standing) {
    let mut table = table(["run", "command", "ended", "calls"]);
    for run in standing.runs.iter().rev().take(SHOWN) {
        let command = run.record["command"].as_str().unwrap_or_default();
        let calls = run.record["counts"]["calls"].as_u64().map(|calls| calls.to_string()).unwrap_or_default();
        table.add_row([run.run.as_str(), command, &run.status, &calls]);
    }
    push_table(text, &table, standing.runs.len());
}

fn push_stale(text: &mut String, standing: &Standing) {
    let (rules, version) = standing.stale(env!("CARGO_PKG_VERSION"));
    let mut notes = Vec::new();
    if rules > 0 {
        let calls = count(rules, "call");
        notes.push(format!("{calls} judged by other rules than the latest run's: inspect or recheck them."));
    }
    if version > 0 {
        notes.push(format!("{} judged by another version of callsift.", count(version, "call")));
    }
    if standing.retryable > 0 {
        let calls = count(standing.retryable, "failed call");
        notes.push(format!("{calls} may go better when they are inspected again: run the same command."));
    }
    if standing.unfinished > 0 {
        let commits = count(standing.unfinished, "commit");
        notes.push(format!("{commits} decided and not carried out: the next run does it, nothing is lost."));
    }
    if standing.holds > 0 {
        notes.push(format!("{} on what must not be erased: see `callsift hold`.", count(standing.holds, "hold")));
    }
    if !standing.strays.is_empty() {
        let some = standing.strays.iter().take(STRAYS).cloned().collect::<Vec<_>>().join(", ");
        let files = count(standing.strays.len(), "file");
        notes.push(format!("{files} that callsift did not commit, and does not read: {some}"));
    }
    if !notes.is_empty() {
        text.push('\n');
    }
    notes.iter().for_each(|note| line(text, note));
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table
}

fn push_table(text: &mut String, table: &Table, all: usize) {
    text.push('\n');
    table.lines().for_each(|row| line(text, &row));
    if all > SHOWN {
        line(text, &format!(" and {} more: see --format json", all - SHOWN));
    }
}

fn as_json(standing: &Standing) -> Value {
    let (rules, version) = standing.stale(env!("CARGO_PKG_VERSION"));
    let days = standing.days.iter().map(|(day, of)| {
        let date = day.map(|day| day.to_string());
        json!({"date": date, "calls": of.calls, "failed": of.failed, "partial": of.partial, "batches": of.batches})
    });
    let rule_sets = standing.rule_sets.iter().map(|(rules, calls)| {
        let (hash, mode) = rules.as_ref().map(|(hash, mode)| (hash, mode)).unzip();
        json!({"ruleset_hash": hash, "in_force_mode": mode, "calls": calls})
    });
    let engines = standing
        .engines
        .iter()
        .map(|((engine, model), calls)| json!({"engine": engine, "engine_model": model, "calls": calls}));
    let runs = standing.runs.iter().map(|run| json!({"run": run.run, "status": run.status, "record": run.record}));
    json!({
        "calls": standing.calls(),
        "days": days.collect::<Vec<_>>(),
        "rule_sets": rule_sets.collect::<Vec<_>>(),
        "engines": engines.collect::<Vec<_>>(),
        "versions": standing.versions,
        "errors": standing.errors,
        "runs": runs.collect::<Vec<_>>(),
        "stale_by_rules": rules,
        "stale_by_version": version,
        "retryable": standing.retryable,
        "unfinished_commits": standing.unfinished,
        "strays": standing.strays,
        "holds": standing.holds,
    })
}
