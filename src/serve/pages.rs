//! The pages that are not the report's: the list of calls, and what is said in place of a page.

use super::address::{of_call, query};
use super::calls::{Call, Calls};
use super::filter::{Filter, Outcome};
use crate::finding::Severity;
use crate::report::{Language, style};
use crate::units::clock;
use minijinja::Environment;
use minijinja::value::{Serde, Value};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where there is more to choose from, it is typed.
const MOST_CHOICES: usize = 500;

/// So many calls are on a page of the list.
const CALLS_A_PAGE: usize = 100;

/// A page of the list of the calls that `filter` lets through, and how many those are. A page past the last shows no call.
pub(super) fn list_page(calls: &Calls, filter: &Filter, page: usize, language: Language) -> (String, usize) {
    let shown = shown(calls, filter);
    let first = (page - 1).saturating_mul(CALLS_A_PAGE);
    let rows = shown.iter().skip(first).take(CALLS_A_PAGE).map(|call| Row::of(call, language)).collect();
    let filters = filter.query();
    let at = |page: usize| Some(joined("/", &[&filters, &query([("page", page.to_string().as_str())])]));
    let view = ListView {
        language: language.tag(),
        style: style(),
        words: Words::of(language),
        fields: fields(calls, filter, language),
        count: counted(shown.len(), first, language),
        csv: joined("/calls.csv", &[&filters]),
        rows,
        page,
        before: if page > 1 { at(page - 1) } else { None },
        after: if first.saturating_add(CALLS_A_PAGE) < shown.len() { at(page + 1) } else { None },
    };
    (rendered("list.html", include_str!("list.html"), &view), shown.len())
}

/// The calls that `filter` lets through, the worst first.
pub(super) fn shown(calls: &Calls, filter: &Filter) -> Vec<Arc<Call>> {
    let is_shown = filter.matcher();
    calls.all.iter().filter(|call| is_shown(call)).cloned().collect()
}

/// A page that says something, with a way back to the list where `home` asks for it.
pub(super) fn message_page(title: &str, text: &str, home: bool, language: Language) -> String {
    let home = home.then_some(language.say("All calls", "全部通话"));
    let view = MessageView { language: language.tag(), style: style(), title, text, home };
    rendered("message.html", include_str!("message.html"), &view)
}

/// The templates are part of the program, and a test renders each.
fn rendered(name: &str, template: &str, view: &impl Serialize) -> String {
    let page = Environment::new().render_named_str(name, template, Value::from(Serde(view)));
    page.expect("the template and what it is given belong together")
}

#[derive(Serialize)]
struct MessageView<'a> {
    language: &'static str,
    style: &'static str,
    title: &'a str,
    text: &'a str,
    home: Option<&'static str>,
}

#[derive(Serialize)]
struct ListView {
    language: &'static str,
    style: &'static str,
    words: Words,
    fields: Vec<Field>,
    count: String,
    csv: String,
    rows: Vec<Row>,
    page: usize,
    before: Option<String>,
    after: Option<String>,
}

/// What the page itself says.
#[derive(Serialize)]
struct Words {
    title: &'static str,
    show: &'static str,
    all: &'static str,
    csv: &'static str,
    before: &'static str,
    after: &'static str,
    heads: [&'static str; 7],
}

impl Words {
    const fn of(language: Language) -> Self {
        Self {
            title: language.say("Calls", "通话列表"),
            show: language.say("Show", "筛选"),
            all: language.say("All calls", "全部通话"),
            csv: language.say("As CSV", "导出 CSV"),
            before: language.say("Previous page", "上一页"),
            after: language.say("Next page", "下一页"),
            heads: [
                language.say("Call", "通话"),
                language.say("Gravest finding", "最严重的发现"),
                language.say("Findings", "发现"),
                language.say("Agent", "坐席"),
                language.say("Verdict", "结论"),
                language.say("Score", "得分"),
                language.say("Length", "时长"),
            ],
        }
    }
}

/// A field of the form; one with choices is a list to choose from.
#[derive(Serialize)]
struct Field {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    value: String,
    choices: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

fn fields(calls: &Calls, filter: &Filter, language: Language) -> Vec<Field> {
    let same = |name: &Arc<str>| Choice { value: name.to_string(), label: name.to_string() };
    let some = |names: &BTreeSet<Arc<str>>| match names.len() {
        ..=MOST_CHOICES => names.iter().map(same).collect(),
        _ => Vec::new(),
    };
    let of_outcome = |outcome: Outcome| Choice { value: outcome.name().into(), label: said(outcome, language).into() };
    let of_severity =
        |severity: &Severity| Choice { value: severity.name().into(), label: language.severity(*severity).into() };
    let labelled = |(name, value)| {
        let (label, kind, choices) = match name {
            "from" => (language.say("From", "起始日"), "date", Vec::new()),
            "to" => (language.say("To", "截止日"), "date", Vec::new()),
            "team" => (language.say("Team", "班组"), "text", some(&calls.teams)),
            "agent" => (language.say("Agent", "坐席"), "text", Vec::new()),
            "verdict" => (language.say("Verdict", "结论"), "text", Outcome::ALL.map(of_outcome).into()),
            "severity" => {
                let choices = Severity::ALL.iter().rev().map(of_severity).collect();
                (language.say("At least so grave", "严重程度不低于"), "text", choices)
            }
            "rule" => (language.say("Rule", "规则"), "text", some(&calls.rules)),
            _ => (language.say("Words in the quote", "原话包含"), "search", Vec::new()),
        };
        Field { name, label, kind, value, choices }
    };
    filter.values().into_iter().map(labelled).collect()
}

fn said(outcome: Outcome, language: Language) -> &'static str {
    match outcome {
        Outcome::Verdict(verdict) => language.verdict(verdict),
        Outcome::Failed => language.say("could not be read", "读取失败"),
    }
}

/// A call in the list.
#[derive(Serialize)]
struct Row {
    href: String,
    call_id: String,
    started: String,
    agent: String,
    team: String,
    length: String,
    outcome: &'static str,
    score: String,
    severity: &'static str,
    severity_name: &'static str,
    found: String,
    message: String,
    at: String,
}

impl Row {
    fn of(call: &Call, language: Language) -> Self {
        let gravest = call.gravest();
        let started = call.started_at.map(|at| at.local(0).strftime("%Y-%m-%d %H:%M").to_string());
        let date = || call.batch.date.map(|date| date.to_string());
        Self {
            href: of_call(&call.call_id),
            call_id: call.call_id.to_string(),
            started: started.or_else(date).unwrap_or_default(),
            agent: call.agent_id.as_deref().unwrap_or_default().to_owned(),
            team: call.team.as_deref().unwrap_or_default().to_owned(),
            length: call.duration_ms.map(clock).unwrap_or_default(),
            outcome: Outcome::of(call).map_or("", |outcome| said(outcome, language)),
            score: call.score.map(|score| format!("{score:.1}")).unwrap_or_default(),
            severity: gravest.map_or("", |found| found.severity.name()),
            severity_name: gravest.map_or("", |found| language.severity(found.severity)),
            found: found(call, language),
            message: gravest.map(|found| found.message.to_string()).unwrap_or_default(),
            at: gravest.and_then(|found| found.start_ms).map(clock).unwrap_or_default(),
        }
    }
}

/// How many findings of each severity count, the gravest first.
fn found(call: &Call, language: Language) -> String {
    let counted = Severity::ALL.into_iter().rev().map(|severity| (severity, call.counting(severity)));
    let parts = counted.filter(|(_, count)| *count > 0).map(|(severity, count)| match language {
        Language::Chinese => format!("{} {count}", language.severity(severity)),
        Language::English => format!("{count} {}", language.severity(severity)),
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// How many calls there are, and which of them are on the page.
fn counted(all: usize, first: usize, language: Language) -> String {
    let (from, to) = (first.saturating_add(1), first.saturating_add(CALLS_A_PAGE).min(all));
    match language {
        _ if from > to => language.say("no calls", "没有通话").to_owned(),
        Language::Chinese => format!("共 {all} 通,第 {from}–{to} 通"),
        Language::English => format!("calls {from}–{to} of {all}"),
    }
}

fn joined(path: &str, queries: &[&str]) -> String {
    let filled: Vec<&str> = queries.iter().copied().filter(|query| !query.is_empty()).collect();
    if filled.is_empty() { path.to_owned() } else { format!("{path}?{}", filled.join("&")) }
}
