//! Findings of a rule that reports: what they show, say and are called.

use super::answer::Hit;
use super::model::Rule;
use super::when::Answers;
use super::whitelist::Allowed;
use crate::finding::{Finding, MatchKind};
use crate::units::clock;
use std::collections::BTreeMap;

/// The findings of a rule whose `when` is true: one a hit of the condition that shows it, one in all
/// with `once` (the first that is not excused, if there is any), one without a place where only `not` makes it true. What is
/// `allowed` is excused.
pub(crate) fn findings(rule: &Rule, answers: Answers<'_>, call_id: &str, allowed: &Allowed<'_>) -> Vec<Finding> {
    let (name, mut hits) = answers.shown_by(&rule.report.when, &|hit| allowed.by(hit).is_some()).unzip();
    if rule.report.once
        && let Some(hits) = &mut hits
    {
        let shown = hits.iter().position(|hit| allowed.by(hit).is_none()).unwrap_or(0);
        *hits = hits.iter().skip(shown).take(1).copied().collect();
    }
    let absence = Hit { match_kind: MatchKind::Absence, ..Hit::measure(None, None, None) };
    let mut equals: BTreeMap<(Option<i64>, Option<i32>), u32> = BTreeMap::new();
    let hits = hits.unwrap_or_else(|| vec![&absence]);
    let mut finding = |hit: &Hit| {
        let mut finding = finding(rule, answers, name, hit);
        let rank = equals.entry((finding.start_ms, finding.char_start)).or_default();
        finding.finding_id = finding_id(call_id, &finding, *rank);
        finding.excused_by = allowed.by(hit);
        *rank += 1;
        finding
    };
    hits.into_iter().map(&mut finding).collect()
}

fn finding(rule: &Rule, answers: Answers<'_>, name: Option<usize>, hit: &Hit) -> Finding {
    Finding {
        finding_id: String::new(),
        rule: rule.id.clone(),
        revision: rule.revision,
        category: rule.category.clone(),
        severity: rule.severity,
        status: rule.status,
        look_for: name.map_or_else(String::new, |name| rule.look_fors[name].name.clone()),
        role: hit.role,
        turn: hit.turns.map(|turns| turns.0),
        turn_end: hit.turns.map(|turns| turns.1),
        start_ms: hit.known.or(hit.span).map(|span| span.start_ms),
        end_ms: hit.known.or(hit.span).map(|span| span.end_ms),
        char_start: hit.chars.map(|chars| chars.0),
        char_end: hit.chars.map(|chars| chars.1),
        quote: hit.quote.clone(),
        matched: hit.matched.clone(),
        match_kind: hit.match_kind,
        distance: hit.distance,
        value: hit.value,
        threshold: hit.threshold,
        unit: hit.unit.map(str::to_owned),
        points: 0.0,
        excused_by: None,
        message: message(rule, answers, name, hit),
        advice: rule.report.advice.clone(),
        source: rule.sources.first().map_or_else(String::new, |source| source.cite.clone()),
    }
}

/// 16 hex digits of BLAKE3 over call, rule, look_for, start, first character and rank among equals, each
/// with a zero byte behind it; what is missing reads `-`.
fn finding_id(call_id: &str, finding: &Finding, rank: u32) -> String {
    let number = |value: Option<i64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    let (start, char_start) = (number(finding.start_ms), number(finding.char_start.map(i64::from)));
    let mut hash = blake3::Hasher::new();
    for part in [call_id, &finding.rule, &finding.look_for, &start, &char_start, &rank.to_string()] {
        hash.update(part.as_bytes());
        hash.update(&[0]);
    }
    hash.finalize().to_hex()[..16].to_owned()
}

/// The rule's message with its placeholders filled: `{NAME.quote}` and the like, of the finding's own
/// hit where NAME is the condition it shows, else of NAME's first hit. Other braces are left alone.
fn message(rule: &Rule, answers: Answers<'_>, shown: Option<usize>, hit: &Hit) -> String {
    let mut out = String::new();
    let mut rest = rule.report.message.as_str();
    let is_chinese = rest.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let filled = behind.split_once('}').and_then(|(inside, after)| {
            if inside == "quote" {
                return Some((hit.quote.clone(), after));
            }
            let (name, field) = inside.split_once('.')?;
            let index = rule.look_fors.iter().position(|look| look.name == name)?;
            let hits = answers.hits(index);
            let of = if shown == Some(index) { Some(hit) } else { hits.first() };
            Some((fill(field, of, hits.len(), is_chinese)?, after))
        });
        match filled {
            Some((value, after)) => {
                out.push_str(&value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = behind;
            }
        }
    }
    out + rest
}

fn fill(field: &str, hit: Option<&Hit>, count: usize, is_chinese: bool) -> Option<String> {
    let unit = |unit: &'static str| if is_chinese { in_chinese(unit) } else { unit };
    let measure = |value: Option<f64>, hit: &Hit| value.map(|value| with_unit(value, hit.unit.map(unit)));
    let filled = match field {
        "count" => Some(count.to_string()),
        "quote" => hit.map(|hit| hit.quote.clone()),
        "value" => hit.and_then(|hit| measure(hit.value, hit).or_else(|| hit.matched.clone())),
        "threshold" => hit.and_then(|hit| measure(hit.threshold, hit)),
        "start" => hit.and_then(|hit| hit.known.or(hit.span)).map(|span| clock(span.start_ms)),
        _ => return None,
    };
    Some(filled.unwrap_or_default())
}

/// A number with at most two decimals, and its unit.
fn with_unit(value: f64, unit: Option<&str>) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    unit.map_or_else(|| rounded.to_string(), |unit| format!("{rounded} {unit}"))
}

/// A unit as a Chinese message says it.
fn in_chinese(unit: &'static str) -> &'static str {
    match unit {
        "chars/min" => "字/分钟",
        "words/min" => "词/分钟",
        "s" => "秒",
        other => other,
    }
}
