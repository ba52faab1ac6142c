//! One rule of the handbook.

use super::headings::{Headings, Words};
use super::lines::{Lines, Said};
use super::{bold, line};
use crate::packs::LoadedRule;
use crate::rules::model::{Expected, Rule};

pub(super) fn push(text: &mut String, loaded: &LoadedRule, headings: Headings, lines: &Lines) {
    let (rule, words) = (&loaded.rule, headings.words());
    line(text, &format!("\n#### {}\n", rule.title));
    line(text, &format!("`{}` · {}", rule.id, in_short(rule, words)));
    for (heading, value) in [
        (words.what, rule.what.clone()),
        (words.why, rule.why.clone()),
        (words.misses, rule.misses.clone()),
        (words.needs, columns(rule, words)),
    ] {
        line(text, &format!("\n{}{value}", bold(heading, words)));
    }
    line(text, &format!("\n{}\n", bold(words.sources, words)));
    for source in &rule.sources {
        line(text, &format!("- {} ({})", source.cite, source.confidence));
    }
    line(text, &format!("\n{}{}", bold(words.message, words), rule.report.message));
    line(text, &format!("\n{}{}", bold(words.advice, words), rule.report.advice));
    for (expected, heading) in [
        (Expected::Reports, words.reports),
        (Expected::Silent, words.silent),
        (Expected::NotEvaluable, words.not_evaluable),
    ] {
        push_examples(text, rule, expected, heading, headings, lines);
    }
}

/// What fits into one line.
fn in_short(rule: &Rule, words: &Words) -> String {
    let languages = if rule.languages.is_empty() { words.any.to_owned() } else { rule.languages.join(", ") };
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| day.to_string());
    let in_force = match (rule.in_force_from, rule.in_force_until) {
        (None, None) => String::new(),
        (from, until) => format!("{} – {}", day(from), day(until)),
    };
    let approved = rule.approved.as_ref().map_or_else(String::new, |approval| {
        let until = approval.review_by.map_or_else(String::new, |day| format!(" – {day}"));
        format!("{} {}{until}", approval.by, approval.on)
    });
    let parts = [
        (words.severity, rule.severity.name().to_owned()),
        (words.status, rule.status.name().to_owned()),
        (words.revision, rule.revision.to_string()),
        (words.languages, languages),
        (words.owner, rule.owner.clone()),
        (words.in_force, in_force),
        (words.approved, approved),
    ];
    let told = parts.into_iter().filter(|(_, value)| !value.is_empty());
    told.map(|(heading, value)| format!("{heading}{}{value}", words.colon)).collect::<Vec<_>>().join(" · ")
}

fn columns(rule: &Rule, words: &Words) -> String {
    match rule.needs.as_slice() {
        [] => words.nothing.to_owned(),
        needs => needs.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", "),
    }
}

fn push_examples(text: &mut String, rule: &Rule, expected: Expected, heading: &str, headings: Headings, lines: &Lines) {
    let words = headings.words();
    let mut examples = rule.examples.iter().filter(|example| example.expected == expected).peekable();
    if examples.peek().is_none() {
        return;
    }
    line(text, &format!("\n{}\n", bold(heading, words)));
    for example in examples {
        let said = lines.said(rule, example).map_or_else(String::new, |said| shown(&said, headings));
        line(text, &format!("- {} ({} {}){said}", example.name, words.line, example.line));
    }
}

fn shown(said: &Said, headings: Headings) -> String {
    let s = said.start_ms.max(0) / 1_000;
    let colon = headings.words().colon;
    format!("{colon}{:02}:{:02} {}{colon}{}", s / 60, s % 60, headings.role(said.role), said.text)
}
