//! The findings of a call as cards, numbered as its timeline's marks are.

use super::ShownCall;
use crate::finding::{Finding, MatchKind, RuleStatus, Severity};
use crate::report::Language;
use crate::report::names;
use crate::units::clock;
use serde::Serialize;

/// A finding and its number on the page: 1 is the first of the call.
#[derive(Clone, Copy)]
pub(super) struct Numbered<'a> {
    pub(super) number: usize,
    pub(super) finding: &'a Finding,
}

impl Numbered<'_> {
    pub(super) fn href(&self, prefix: &str) -> String {
        format!("#{prefix}f{}", self.number)
    }
}

/// A finding as the page has it.
#[derive(Serialize)]
pub(in crate::report) struct Card {
    number: usize,
    anchor: String,
    severity: &'static str,
    severity_name: &'static str,
    message: String,
    quote: String,
    start_ms: Option<i64>,
    at: String,
    /// Where in the transcript.
    turn_href: Option<String>,
    how: String,
    measured: String,
    rule: String,
    advice: String,
    source: String,
    points: String,
    /// Why it counts for nothing; empty where it does.
    aside: String,
}

/// The findings of `call` by time, those without a time last, graver ones first at the same moment.
pub(super) fn numbered(call: &ShownCall) -> Vec<Numbered<'_>> {
    let mut findings: Vec<&Finding> = call.findings.iter().collect();
    findings.sort_by_key(|finding| {
        let graver = std::cmp::Reverse(finding.severity);
        (finding.start_ms.unwrap_or(i64::MAX), graver, finding.char_start, finding.finding_id.as_str())
    });
    findings.into_iter().enumerate().map(|(rank, finding)| Numbered { number: rank + 1, finding }).collect()
}

pub(super) fn cards(findings: &[Numbered<'_>], prefix: &str, language: Language) -> Vec<Card> {
    findings.iter().map(|numbered| card(*numbered, prefix, language)).collect()
}

fn card(numbered: Numbered<'_>, prefix: &str, language: Language) -> Card {
    let finding = numbered.finding;
    Card {
        number: numbered.number,
        anchor: format!("{prefix}f{}", numbered.number),
        severity: finding.severity.name(),
        severity_name: language.severity(finding.severity),
        message: finding.message.clone(),
        quote: finding.quote.clone(),
        start_ms: finding.start_ms,
        at: finding.start_ms.map_or_else(String::new, clock),
        turn_href: finding.turn.map(|turn| format!("#{prefix}t{turn}")),
        how: how(finding, language),
        measured: measured(finding),
        rule: format!("{} · {} {}", finding.rule, language.say("revision", "修订"), finding.revision),
        advice: finding.advice.clone(),
        source: finding.source.clone(),
        points: points(finding, language),
        aside: aside(finding, language),
    }
}

/// By what it was found.
fn how(finding: &Finding, language: Language) -> String {
    let kind = names::match_kind(finding.match_kind, language);
    match &finding.matched {
        Some(matched) if *matched != finding.quote && finding.match_kind != MatchKind::Pattern => {
            format!("{kind}: {matched}")
        }
        _ => kind.to_owned(),
    }
}

/// Its number and the threshold.
fn measured(finding: &Finding) -> String {
    let unit = finding.unit.as_deref().unwrap_or_default();
    let number = |number: f64| format!("{}", (number * 100.0).round() / 100.0);
    match (finding.value, finding.threshold) {
        (Some(value), Some(threshold)) => format!("{} {unit} / {} {unit}", number(value), number(threshold)),
        (Some(value), None) => format!("{} {unit}", number(value)),
        _ => String::new(),
    }
}

fn points(finding: &Finding, language: Language) -> String {
    match finding.points {
        points if points > 0.0 => format!("−{points:.1} {}", language.say("points", "分")),
        _ if finding.severity == Severity::Note || !finding.counts() => String::new(),
        _ => language.say("no further points", "不再扣分").to_owned(),
    }
}

fn aside(finding: &Finding, language: Language) -> String {
    match (&finding.excused_by, finding.status) {
        (Some(by), _) => format!("{}: {by}", language.say("excused", "免责")),
        (None, RuleStatus::Trial) => language.say("rule on trial, counts for nothing", "试行规则，不计分").to_owned(),
        _ => String::new(),
    }
}
