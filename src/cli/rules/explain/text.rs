//! An explanation as text.

use crate::cli::language::count;
use crate::cli::terminal::Page;
use crate::facts::Facts;
use crate::finding::{Finding, MatchKind};
use crate::packs::LoadedRule;
use crate::rules::explain::{Answered, Condition, Explanation, Gate, Node, Outcome, Passes, Shown, Taken};
use crate::rules::spelled::shortened;
use crate::units::{Role, clock};
use std::collections::BTreeSet;

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

/// The explanation.
pub(super) fn page(told: &Told<'_>) -> Page {
    let (rule, call) = (&told.loaded.rule, &told.facts.call);
    let mut page = Page::default();
    page.line(format!("rule {}, revision {}: {}", rule.id, rule.revision, rule.title));
    page.line(format!("call {}", call.call_id));
    page.blank();
    page.line("Is the rule for this call?");
    for gate in std::iter::once(&told.set).chain(&told.explanation.gates) {
        push_gate(&mut page, gate);
    }
    page.blank();
    page.line("What did it look for, and what did it find?");
    for condition in &told.explanation.conditions {
        push_condition(&mut page, condition);
    }
    page.blank();
    page.line("When does it report?");
    push_node(&mut page, &told.explanation.when, 1);
    push_outcome(&mut page, told);
    push_recorded(&mut page, told);
    page
}

fn push_gate(page: &mut Page, gate: &Gate) {
    let passes = match gate.passes {
        Passes::Yes => "yes",
        Passes::No => "no",
        Passes::Unknown => "unknown",
    };
    page.line(format!("  {passes:<8}{:<14}{}", gate.about, gate.because));
}

fn push_condition(page: &mut Page, condition: &Condition) {
    page.line(format!("  {}: {}", condition.name, condition.looks_for));
    for hit in condition.hits.iter().take(SHOWN) {
        page.line(format!("    hit         {}", shown(hit)));
    }
    push_rest(page, condition.hits.len());
    for taken in condition.taken.iter().take(SHOWN) {
        push_taken(page, taken);
    }
    push_rest(page, condition.taken.len());
    let hits = count(condition.hits.len(), "hit");
    let needed = if condition.count_at_least > 1 { format!(" of {}", condition.count_at_least) } else { String::new() };
    page.line(format!("    {} ({hits}{needed})", answer(&condition.answer)));
    if let Some(why) = condition.not_examined.as_ref().filter(|_| is_known(&condition.answer)) {
        page.line(format!("    not all of the call could be examined: {why}"));
    }
}

fn push_taken(page: &mut Page, Taken { found, by, is_under }: &Taken) {
    let keys = by.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
    match (is_under, by.is_empty()) {
        (true, _) => page.line(format!("    near        {}: does not reach {keys}", shown(found))),
        (false, true) => page.line(format!("    taken away  {}: by several keys together", shown(found))),
        (false, false) => page.line(format!("    taken away  {}: by {keys}", shown(found))),
    }
}

fn push_rest(page: &mut Page, all: usize) {
    if all > SHOWN {
        page.line(format!("                and {} more", all - SHOWN));
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

fn push_node(page: &mut Page, node: &Node, depth: usize) {
    let answer = match &node.answer {
        Answered::True => "true".to_owned(),
        Answered::False => "false".to_owned(),
        Answered::Unknown { reason, .. } => format!("unknown ({})", reason.name()),
    };
    page.line(format!("{}{answer}: {}", "  ".repeat(depth), node.text));
    for part in &node.parts {
        push_node(page, part, depth + 1);
    }
}

fn push_outcome(page: &mut Page, told: &Told<'_>) {
    page.blank();
    let outcome = if told.set.passes == Passes::No { &Outcome::NotApplicable } else { &told.explanation.outcome };
    match outcome {
        Outcome::NotApplicable => {
            page.line("The rule says nothing of this call: it is not for it, as said at the top.");
            if told.explanation.when.answer == Answered::True {
                page.line("By its conditions alone it would report.");
            }
        }
        Outcome::NotEvaluated(aside) => {
            page.line(format!("Not evaluable, {}: {}.", aside.reason.name(), aside.detail));
        }
        Outcome::Silent => page.line("The rule was evaluated and reports nothing."),
        Outcome::Reports(findings) => {
            page.line(format!("The rule reports {}.", count(findings.len(), "finding")));
            for finding in findings {
                let at = finding.start_ms.map_or_else(|| "-".to_owned(), clock);
                page.line(format!("  {at:<6} {}: {}", finding.severity.name(), finding.message));
            }
        }
    }
}

/// Where the dataset says otherwise, it was judged by other rules.
fn push_recorded(page: &mut Page, told: &Told<'_>) {
    let ids = |findings: &[Finding]| findings.iter().map(|it| it.finding_id.clone()).collect::<BTreeSet<_>>();
    let now = match &told.explanation.outcome {
        Outcome::Reports(findings) if told.set.passes != Passes::No => ids(findings),
        _ => BTreeSet::new(),
    };
    if ids(told.recorded) != now {
        let revision = told.recorded.first().map_or_else(String::new, |it| format!(" of revision {}", it.revision));
        let findings = count(told.recorded.len(), "finding");
        page.line(format!("The dataset has {findings}{revision} of this rule here: it was judged by other rules."));
        page.line("`callsift recheck` judges it by these.");
    }
}
