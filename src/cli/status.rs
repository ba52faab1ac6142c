//! `callsift status`: what a dataset holds.

use super::args::{Status, SummaryFormat};
use super::language::{Language, count};
use super::table::Table;
use super::terminal::{Ink, Line, Page};
use super::{EXIT_OK, no_dataset, print_json, print_page};
use crate::dataset::{Snapshot, Standing};
use serde_json::{Value, json};

/// So many of the latest days and runs are shown.
const SHOWN: usize = 14;
/// So many stray files are named.
const STRAYS: usize = 5;

/// Runs the command; returns the exit code.
pub(super) fn run(args: &Status, language: Language) -> u8 {
    match Snapshot::open(&args.dataset).and_then(|snapshot| snapshot.standing()) {
        Ok(standing) => match args.format {
            SummaryFormat::Text => print_page(&page(&standing, language), EXIT_OK),
            SummaryFormat::Json => print_json(&format!("{:#}\n", as_json(&standing)), EXIT_OK),
        },
        Err(error) => no_dataset(&args.dataset, &error),
    }
}

fn page(standing: &Standing, language: Language) -> Page {
    let (days, batches) = (standing.days.len(), standing.days.values().map(|day| day.batches).sum());
    let calls = language.calls(standing.calls());
    let mut page = Page::default();
    page.line(language.pick(
        format!("{calls}，{days} 天，{batches} 个批次。"),
        format!("{calls}, {}, {}.", count(days, "day"), count(batches, "batch")),
    ));
    push_days(&mut page, standing, language);
    let rules = standing.rule_sets.iter().map(|(rules, calls)| {
        let name = |(hash, mode): &(String, String)| format!("{hash} ({mode})");
        (rules.as_ref().map_or_else(|| language.pick("未评判", "not judged").to_owned(), name), *calls)
    });
    push_counts(&mut page, language.pick("规则", "rules"), rules, language);
    let versions = standing.versions.iter().map(|(version, calls)| (version.clone(), *calls));
    push_counts(&mut page, language.pick("版本", "versions"), versions, language);
    let engines = standing.engines.iter().map(|((engine, model), calls)| {
        (model.as_ref().map_or_else(|| engine.clone(), |model| format!("{engine} {model}")), *calls)
    });
    push_counts(&mut page, language.pick("识别引擎", "engines"), engines, language);
    let errors = standing.errors.iter().map(|(code, calls)| (code.clone(), *calls));
    push_counts(&mut page, language.pick("错误", "errors"), errors, language);
    push_runs(&mut page, standing, language);
    push_notes(&mut page, &notes(standing, language));
    page
}

fn push_days(page: &mut Page, standing: &Standing, language: Language) {
    let mut table = Table::new(language.pick(
        ["日期", "通话", "检查失败", "只读出一部分", "文件"],
        ["day", "calls", "failed", "partly read", "files"],
    ));
    for (day, of) in standing.days.iter().rev().take(SHOWN) {
        let day = day.map_or_else(|| language.pick("未知", "not known").to_owned(), |day| day.to_string());
        let failed = if of.failed > 0 { Ink::Bad } else { Ink::Plain };
        table.row([
            day.into(),
            of.calls.to_string().into(),
            Line::of(failed, &of.failed.to_string()),
            of.partial.to_string().into(),
            of.batches.to_string().into(),
        ]);
    }
    push_table(page, table, standing.days.len(), language);
}

fn push_counts(page: &mut Page, title: &str, counts: impl Iterator<Item = (String, usize)>, language: Language) {
    let mut table = Table::new([title, language.pick("通话", "calls")]);
    for (name, calls) in counts {
        table.row([name.into(), calls.to_string().into()]);
    }
    if !table.is_empty() {
        push_table(page, table, 0, language);
    }
}

fn push_runs(page: &mut Page, standing: &Standing, language: Language) {
    let header = language.pick(["运行", "命令", "结局", "通话"], ["run", "command", "ended", "calls"]);
    let mut table = Table::new(header);
    for run in standing.runs.iter().rev().take(SHOWN) {
        let command = run.record["command"].as_str().unwrap_or_default();
        let calls = run.record["counts"]["calls"].as_u64().map(|calls| calls.to_string()).unwrap_or_default();
        table.row([run.run.as_str().into(), command.into(), ended(&run.status, language), calls.into()]);
    }
    push_table(page, table, standing.runs.len(), language);
}

/// How a run ended.
fn ended(status: &str, language: Language) -> Line {
    let (ink, chinese) = match status {
        "done" => (Ink::Good, "完成"),
        "stopped" => (Ink::Warning, "停止"),
        "running" => (Ink::Plain, "进行中"),
        "failed" => (Ink::Bad, "失败"),
        "died" => (Ink::Bad, "中断"),
        other => (Ink::Bad, other),
    };
    Line::of(ink, language.pick(chinese, status))
}

fn push_notes(page: &mut Page, notes: &[String]) {
    if !notes.is_empty() {
        page.blank();
    }
    notes.iter().for_each(|note| page.line(note.as_str()));
}

/// What is stale or left over.
fn notes(standing: &Standing, language: Language) -> Vec<String> {
    let (rules, version) = standing.stale(env!("CARGO_PKG_VERSION"));
    let mut notes = Vec::new();
    if rules > 0 {
        let calls = language.calls(rules);
        notes.push(language.pick(
            format!("{calls}所用的规则与最近一次运行的不同：请重新检查（inspect）或重新评判（recheck）。"),
            format!("{calls} judged by other rules than the latest run's: inspect or recheck them."),
        ));
    }
    if version > 0 {
        let calls = language.calls(version);
        notes.push(language.pick(
            format!("{calls}是由另一个版本的 callsift 评判的。"),
            format!("{calls} judged by another version of callsift."),
        ));
    }
    if standing.retryable > 0 {
        let n = standing.retryable;
        notes.push(language.pick(
            format!("{n} 通检查失败的通话再查一次可能成功：请再运行同一条命令。"),
            format!("{} may go better when they are inspected again: run the same command.", count(n, "failed call")),
        ));
    }
    notes.extend(left_over(standing, language));
    notes
}

fn left_over(standing: &Standing, language: Language) -> Vec<String> {
    let mut notes = Vec::new();
    if standing.unfinished > 0 {
        let n = standing.unfinished;
        notes.push(language.pick(
            format!("{n} 次提交已定、尚未落实：下次运行时会完成，不会丢失任何东西。"),
            format!("{} decided and not carried out: the next run does it, nothing is lost.", count(n, "commit")),
        ));
    }
    if standing.holds > 0 {
        let n = standing.holds;
        notes.push(language.pick(
            format!("有 {n} 项禁止删除的登记：见 `callsift hold`。"),
            format!("{} on what must not be erased: see `callsift hold`.", count(n, "hold")),
        ));
    }
    if !standing.strays.is_empty() {
        let n = standing.strays.len();
        let some = standing.strays.iter().take(STRAYS).cloned().collect::<Vec<_>>().join(", ");
        notes.push(language.pick(
            format!("有 {n} 个文件不是 callsift 提交的，不会读取：{some}"),
            format!("{} that callsift did not commit, and does not read: {some}", count(n, "file")),
        ));
    }
    notes
}

fn push_table(page: &mut Page, table: Table, all: usize, language: Language) {
    page.blank();
    table.push_to(page);
    if all > SHOWN {
        let more = all - SHOWN;
        page.line(
            language.pick(format!(" 另有 {more} 行：见 --format json"), format!(" and {more} more: see --format json")),
        );
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
