//! `callsift recheck`: history by other rules, and what that changes.

mod changes;

pub(super) use changes::{changes_json, push_changes};

use super::args::{Recheck, SummaryFormat};
use super::language::Language;
use super::load::{load_plan, print_line};
use super::progress::Watcher;
use super::signals::stop_flag;
use super::terminal::Page;
use super::{EXIT_IO, EXIT_OK, EXIT_SET_UP, EXIT_STOPPED, dry_run, no_dataset, print_json, print_page, run_name};
use crate::batch::{Days, Judges, RecheckOptions, Rechecked, RunError, recheck};
use crate::dataset::{Dataset, RunEnd, Snapshot};
use crate::entities::mask_text;
use crate::inspect::Plan;
use serde_json::{Map, Value, json};
use std::time::Instant;

/// Judges again and prints the summary; returns the exit code.
pub(super) fn run(args: &Recheck, language: Language) -> u8 {
    let watcher = Watcher::start(args.output);
    let Some((packs, mut plan)) = load_plan(&args.packs, args.scorecard.as_deref()) else { return EXIT_SET_UP };
    plan.in_force = args.in_force;
    let judges = Judges { plan: &plan, packs: &packs };
    if is_same_place(args) {
        print_line("--out is the dataset itself; name another folder, so that both judgements can be compared");
        return EXIT_SET_UP;
    }
    let from = match Snapshot::open(&args.dataset) {
        Ok(from) => from,
        Err(error) => return no_dataset(&args.dataset, &error),
    };
    if args.dry_run {
        return dry_run::recheck(args, judges, &from, language);
    }
    let to = match Dataset::open(&args.out, &run_name()) {
        Ok(to) => to,
        Err(error) => return no_dataset(&args.out, &error),
    };
    let started = Instant::now();
    let ended = judge_again(args, judges, &from, &to, &watcher);
    watcher.bar().finish_and_clear();
    match ended {
        Ok((rechecked, record)) => report(args, &rechecked, &record, started.elapsed().as_secs_f64(), language),
        Err(error) => {
            tracing::error!("{}", mask_text(&error.to_string()));
            if matches!(error, RunError::Threads(_)) { EXIT_SET_UP } else { EXIT_IO }
        }
    }
}

/// Prints what it came to, as it was asked for; returns the exit code.
fn report(args: &Recheck, rechecked: &Rechecked, record: &Map<String, Value>, seconds: f64, language: Language) -> u8 {
    let code = if rechecked.not_begun > 0 { EXIT_STOPPED } else { EXIT_OK };
    match args.format {
        _ if args.output.quiet => code,
        SummaryFormat::Text => print_page(&page(rechecked, args, seconds, language), code),
        SummaryFormat::Json => {
            let mut record = record.clone();
            record.insert("out".into(), json!(mask_text(&args.out.to_string_lossy())));
            record.insert("elapsed_s".into(), json!((seconds * 1000.0).round() / 1000.0));
            record.insert("changes".into(), changes_json(rechecked));
            print_json(&format!("{:#}\n", Value::Object(record)), code)
        }
    }
}

/// The options as the arguments have them, without a way to stop.
pub(super) fn options(args: &Recheck) -> RecheckOptions<'static> {
    let days = Days { from: args.days.from, to: args.days.to };
    let (threads, memory_bytes, shard) = (args.threads, args.memory, args.shard);
    RecheckOptions { threads, memory_bytes, days, shard, anew: args.anew, stop: None }
}

fn is_same_place(args: &Recheck) -> bool {
    let real = |path: &std::path::Path| crate::storage::real(path).ok();
    real(&args.dataset).is_some_and(|dataset| real(&args.out) == Some(dataset))
}

fn judge_again(
    args: &Recheck,
    judges: Judges<'_>,
    from: &Snapshot,
    to: &Dataset,
    watcher: &Watcher,
) -> Result<(Rechecked, Map<String, Value>), RunError> {
    let mut record = about(args, judges.plan, to.run());
    to.start_run(&record)?;
    to.write_rules(&judges.plan.ruleset_hash, &judges.packs.rule_rows())?;
    let stop = stop_flag();
    let options = RecheckOptions { stop: Some(&stop), ..options(args) };
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
    Ok((rechecked, record))
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
        ("shard", json!(args.shard.map(|shard| shard.to_string()))),
        ("threads", json!(args.threads)),
        ("ruleset_hash", json!(plan.ruleset_hash)),
        ("in_force_mode", json!(plan.in_force.name())),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn page(rechecked: &Rechecked, args: &Recheck, seconds: f64, language: Language) -> Page {
    let mut page = Page::default();
    let calls = language.calls(rechecked.calls);
    page.line(language.pick(
        format!("重新评判了 {calls}，用时 {seconds:.1} 秒。"),
        format!("Judged {calls} again in {seconds:.1} s."),
    ));
    if rechecked.already_there > 0 {
        page.line(judged_before(rechecked.already_there, language));
    }
    if rechecked.not_begun > 0 {
        let left = language.calls(rechecked.not_begun);
        page.line(language.pick(
            format!("已停止：还有 {left}没有开始。再运行同一条命令即可做完其余的。"),
            format!("Stopped: {left} not begun. The same command does the rest."),
        ));
    }
    let out = mask_text(&args.out.to_string_lossy());
    page.line(language.pick(format!("结果：{out}"), format!("Results: {out}")));
    push_changes(&mut page, rechecked, language);
    page
}

/// Says of so many calls that nothing is to be done.
pub(super) fn judged_before(calls: usize, language: Language) -> String {
    let there = language.calls(calls);
    language.pick(
        format!("{there}此前已用这些规则评判过，保持原样。"),
        format!("{there} judged by these rules before: left as they are."),
    )
}
