//! An explanation as text.

use crate::cli::summary::count;
use crate::facts::Facts;
use crate::finding::{Finding, MatchKind};
use crate::packs::LoadedRule;
use crate::rules::explain::{Answered, Condition, Explanation, Gate, Node, Outcome, Passes, Shown, Taken};
use crate::rules::spelled::shortened;
use crate::units::Role;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// So many hits, and so many of what was taken away, are shown of each condition.
const SHOWN: usize = 10;

/// What is told.
pub(super) struct Told<'a> {
    pub(super) loaded: &'a LoadedRule,
    pub(super) facts: &'a Facts,
    /// Whether the set that judges the call has the rule.
    pub(super) set: Gate,
    pub(super) explanation: Explanation,
    /// The findings of the rule that the dataset has of the call.
    pub(super) recorded: &'a [Finding],
}

/// Appends a line. Writing to a string cannot fail.
fn line(text: &mut String, line: &str) {
    let _ = writeln!(text, "{}", line.trim_end());
}

/// The explanation, ending in a line break.
pub(super) fn text(told: &Told<'_>) -> String {
    let (rule, call) = (&told.loaded.rule, &told.facts.call);
    let mut text = String::new();
    line(&mut text, &format!("rule {}, revision {}: {}", rule.id, rule.revision, rule.title));
    line(&mut text, &format!("call {}", call.call_id));
    line(&mut text, "\nIs the rule for this call?");
    for gate in std::iter::once(&told.set).chain(&told.explanation.gates) {
        push_gate(&mut text, gate);
    }
    line(&mut text, "\nWhat did it look for, and what did it find?");
    for condition in &told.explanation.conditions {
        push_condition(&mut text, condition);
    }
    line(&mut text, "\nWhen does it report?");
    push_node(&mut text, &told.explanation.when, 1);
    push_outcome(&mut text, told);
    push_recorded(&mut text, told);
    text
}

fn push_gate(text: &mut String, gate: &Gate) {
    let passes = match gate.passes {
        Passes::Yes => "yes",
        Passes::No => "no",
        Passes::Unknown => "unknown",
    };
    line(text, &format!("  {passes:<8}{:<14}{}", gate.about, gate.because));
}

fn push_condition(text: &mut String, condition: &Condition) {
    line(text, &format!("  {}: {}", condition.name, condition.looks_for));
    for hit in condition.hits.iter().take(SHOWN) {
        line(text, &format!("    hit         {}", shown(hit)));
    }
    push_rest(text, condition.hits.len());
    for taken in condition.taken.iter().take(SHOWN) {
        push_taken(text, taken);
    }
    push_rest(text, condition.taken.len());
    let hits = count(condition.hits.len(), "hit");
    let needed = if condition.count_at_least > 1 { format!(" of {}", condition.count_at_least) } else { String::new() };
    line(text, &format!("    {} ({hits}{needed})", answer(&condition.answer)));
    if let Some(why) = condition.not_examined.as_ref().filter(|_| is_known(&condition.answer)) {
        line(text, &format!("    not all of the call could be examined: {why}"));
    }
}

fn push_taken(text: &mut String, Taken { found, by, is_under }: &Taken) {
    let keys = by.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
    match (is_under, by.is_empty()) {
        (true, _) => line(text, &format!("    near        {}: does not reach {keys}", shown(found))),
        (false, true) => line(text, &format!("    taken away  {}: by several keys together", shown(found))),
        (false, false) => line(text, &format!("    taken away  {}: by {keys}", shown(found))),
    }
}

fn push_rest(text: &mut String, all: usize) {
    if all > SHOWN {
        line(text, &format!("                and {} more", all - SHOWN));
    }
}

const fn is_known(answer: &Answered) -> bool {
    !matches!(answer, Answered::Unknown { .. })
}

fn answer(answer: &Answered) -> String {
    match answer {
        Answered::True => "true".to_owned(),
        Answered::False => "false".to_owned(),
        Answered::Unknown { reason, detail } => format!("unknown, {}: {detail}", reason.name()),
    }
}

/// When, who, which words, and why they are a hit.
fn shown(hit: &Shown) -> String {
    let when = hit.start_ms.map_or_else(|| "whole call".to_owned(), clock);
    let who = hit.role.map_or("", Role::name);
    let quote = if hit.quote.is_empty() { String::new() } else { format!("“{}” ", hit.quote) };
    format!("{when:<6} {who:<9} {quote}{}", evidence(hit)).trim_end().to_owned()
}

fn evidence(hit: &Shown) -> String {
    let unit = hit.unit.map_or_else(String::new, |unit| format!(" {unit}"));
    let number = |value: f64| format!("{}{unit}", (value * 100.0).round() / 100.0);
    match (hit.value, &hit.matched) {
        (Some(value), _) => match hit.threshold {
            Some(threshold) => format!("({}, threshold {})", number(value), number(threshold)),
            None => format!("({})", number(value)),
        },
        (None, Some(matched)) if hit.match_kind == MatchKind::Measure => format!("({matched})"),
        (None, Some(matched)) => {
            let matched = shortened(matched);
            let list = hit.list.as_ref().map_or_else(String::new, |list| format!(" of {list}"));
            format!("({matched}{list}, {})", hit.match_kind.name())
        }
        (None, None) => String::new(),
    }
}

/// Minutes and seconds.
fn clock(ms: i64) -> String {
    let s = ms.max(0) / 1_000;
    format!("{}:{:02}", s / 60, s % 60)
}

fn push_node(text: &mut String, node: &Node, depth: usize) {
    let answer = match &node.answer {
        Answered::True => "true".to_owned(),
        Answered::False => "false".to_owned(),
        Answered::Unknown { reason, .. } => format!("unknown ({})", reason.name()),
    };
    line(text, &format!("{}{answer}: {}", "  ".repeat(depth), node.text));
    for part in &node.parts {
        push_node(text, part, depth + 1);
    }
}

fn push_outcome(text: &mut String, told: &Told<'_>) {
    text.push('\n');
    let outcome = if told.set.passes == Passes::No { &Outcome::NotApplicable } else { &told.explanation.outcome };
    match outcome {
        Outcome::NotApplicable => {
            line(text, "The rule says nothing of this call: it is not for it, as said at the top.");
            if told.explanation.when.answer == Answered::True {
                line(text, "By its conditions alone it would report.");
            }
        }
        Outcome::NotEvaluated(aside) => {
            line(text, &format!("Not evaluable, {}: {}.", aside.reason.name(), aside.detail));
        }
        Outcome::Silent => line(text, "The rule was evaluated and reports nothing."),
        Outcome::Reports(findings) => {
            line(text, &format!("The rule reports {}.", count(findings.len(), "finding")));
            for finding in findings {
                let at = finding.start_ms.map_or_else(|| "-".to_owned(), clock);
                line(text, &format!("  {at:<6} {}: {}", finding.severity.name(), finding.message));
            }
        }
    }
}

/// Where the dataset says otherwise, it was judged by other rules.
fn push_recorded(text: &mut String, told: &Told<'_>) {
    let ids = |findings: &[Finding]| findings.iter().map(|it| it.finding_id.clone()).collect::<BTreeSet<_>>();
    let now = match &told.explanation.outcome {
        Outcome::Reports(findings) if told.set.passes != Passes::No => ids(findings),
        _ => BTreeSet::new(),
    };
    if ids(told.recorded) != now {
        let revision = told.recorded.first().map_or_else(String::new, |it| format!(" of revision {}", it.revision));
        let findings = count(told.recorded.len(), "finding");
        line(text, &format!("The dataset has {findings}{revision} of this rule here: it was judged by other rules."));
        line(text, "`callsift recheck` judges it by these.");
    }
}
