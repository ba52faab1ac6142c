//! `call`: facts of the call as a whole. All that are given must hold.

use super::super::answer::{Answer, Blind, Hit, seconds};
use super::super::heard::Heard;
use super::super::kleene::{Truth, Why};
use super::super::model::{CallCondition, ColumnCondition};
use super::super::place::length_ms;
use crate::facts::{CallOutcome, Facts};
use crate::finding::Reason;
use jiff::civil::{Date, Time};
use std::collections::BTreeSet;

/// A day, ms.
const DAY_MS: i64 = 86_400_000;

/// Facts of a call that a condition may name like a column of the manifest.
const FACTS: [&str; 5] = ["call_outcome", "codec", "engine", "engine_model", "sanity_flags"];

/// Whether `column` is a fact of the call rather than a column of its manifest.
pub(crate) fn is_fact(column: &str) -> bool {
    FACTS.contains(&column)
}

pub(crate) fn find(heard: &Heard<'_>, look: &CallCondition, days: &BTreeSet<Date>) -> Answer {
    let facts = heard.facts;
    if look.agreed_column.as_deref().is_some_and(|column| is_agreed(facts, column)) {
        return Answer::default();
    }
    let is_lifted = |unless: &ColumnCondition| in_column(facts, unless, &mut Vec::new()) == Truth::True;
    if look.unless.as_ref().is_some_and(is_lifted) {
        return Answer::default();
    }
    let mut shown = Vec::new();
    let truth = in_time(facts, look, &mut shown)
        .and(on_day(facts, look, days, &mut shown))
        .and(of_length(facts, look))
        .and(look.column.as_ref().map_or(Truth::True, |column| in_column(facts, column, &mut shown)));
    match truth {
        Truth::True => Answer { hits: vec![hit(facts, look, shown)], blind: Blind::Nowhere },
        Truth::False => Answer::default(),
        Truth::Unknown(why) => Answer { hits: Vec::new(), blind: Blind::Everywhere(why) },
    }
}

fn hit(facts: &Facts, look: &CallCondition, shown: Vec<String>) -> Hit {
    let limit_ms = look.longer_than_ms.or(look.shorter_than_ms);
    let length = limit_ms.map(|_| seconds(length_ms(facts)));
    let measure = Hit::measure(length, limit_ms.map(seconds), limit_ms.map(|_| "s"));
    Hit { matched: (!shown.is_empty()).then(|| shown.join(", ")), ..measure }
}

fn is_agreed(facts: &Facts, column: &str) -> bool {
    let says = facts.call.metadata.column(column).map(str::to_lowercase);
    says.is_some_and(|says| matches!(says.trim(), "true" | "1" | "yes" | "是"))
}

fn in_time(facts: &Facts, look: &CallCondition, shown: &mut Vec<String>) -> Truth {
    let Some((from, to)) = look.between else {
        return Truth::True;
    };
    let Some(started_at) = facts.call.metadata.started_at else {
        return Truth::Unknown(no_zone());
    };
    let start = started_at.local(0);
    let known_ms = if look.at_start { 0 } else { length_ms(facts) };
    let has_length = look.at_start || facts.call.sound.is_some() || !facts.turns.is_empty();
    match is_inside(start.time(), known_ms, from, to) {
        false if !has_length => Truth::Unknown(Why::new(Reason::NoAudio, "how long the call lasted is not known")),
        false => Truth::False,
        true => {
            shown.push(start.strftime("%Y-%m-%d %H:%M").to_string());
            Truth::True
        }
    }
}

/// Whether any moment from `start` to `length_ms` later lies in the daily window from `from`
/// (inclusive) to `to` (exclusive), which may wrap midnight. Equal bounds mean the whole day.
fn is_inside(start: Time, length_ms: i64, from: Time, to: Time) -> bool {
    let (start, from, to) = (of_day_ms(start), of_day_ms(from), of_day_ms(to));
    let width = (to - from).rem_euclid(DAY_MS);
    let into = (start - from).rem_euclid(DAY_MS);
    width == 0 || into < width || into + length_ms.max(0) >= DAY_MS
}

fn of_day_ms(time: Time) -> i64 {
    let (hour, minute, second) = (i64::from(time.hour()), i64::from(time.minute()), i64::from(time.second()));
    ((hour * 60 + minute) * 60 + second) * 1_000 + i64::from(time.millisecond())
}

fn on_day(facts: &Facts, look: &CallCondition, days: &BTreeSet<Date>, shown: &mut Vec<String>) -> Truth {
    if look.weekdays.is_empty() && look.days.is_empty() {
        return Truth::True;
    }
    let Some(started_at) = facts.call.metadata.started_at else {
        return Truth::Unknown(no_zone());
    };
    let date = started_at.local_date();
    if shown.is_empty() {
        shown.push(date.to_string());
    }
    let is_weekday = look.weekdays.is_empty() || look.weekdays.contains(&date.weekday());
    Truth::of(is_weekday && (look.days.is_empty() || days.contains(&date)))
}

fn of_length(facts: &Facts, look: &CallCondition) -> Truth {
    let length_ms = length_ms(facts);
    let has_sound = facts.call.sound.is_some();
    let unknown = || Truth::Unknown(Why::new(Reason::NoAudio, "how long the call lasted is not known"));
    let longer = match look.longer_than_ms {
        Some(limit_ms) if length_ms <= limit_ms && !has_sound => unknown(),
        limit_ms => Truth::of(limit_ms.is_none_or(|limit_ms| length_ms > limit_ms)),
    };
    let shorter = match look.shorter_than_ms {
        Some(limit_ms) if length_ms < limit_ms && !has_sound => unknown(),
        limit_ms => Truth::of(limit_ms.is_none_or(|limit_ms| length_ms < limit_ms)),
    };
    longer.and(shorter)
}

fn in_column(facts: &Facts, look: &ColumnCondition, shown: &mut Vec<String>) -> Truth {
    let values = values(facts, &look.column);
    // `started_at` is no text, and an empty column keeps the rule from applying at all.
    if values.is_empty() {
        return Truth::False;
    }
    shown.push(format!("{}={}", look.column, values.join("+")));
    Truth::of(values.iter().any(|value| look.values.iter().any(|wanted| wanted == value)) == look.is)
}

/// What a column of the manifest, or a fact of the call, says; several where the fact is a list.
fn values<'f>(facts: &'f Facts, column: &str) -> Vec<&'f str> {
    let call = &facts.call;
    let one = match column {
        "sanity_flags" => return call.sanity_flags.iter().map(String::as_str).collect(),
        "call_outcome" => call.outcome.map(CallOutcome::name),
        "codec" => call.sound.as_ref().map(|sound| sound.codec.as_str()),
        "engine" => call.engine.as_deref(),
        "engine_model" => call.engine_model.as_deref(),
        _ => call.metadata.column(column),
    };
    one.into_iter().collect()
}

fn no_zone() -> Why {
    Why::new(Reason::NoZone, "nobody says when and where the call started")
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{CallCondition, ColumnCondition, Kind};
    use super::super::super::testing::{call, judge, outcome, rule, strings};
    use super::*;
    use crate::recording::StartedAt;
    use jiff::civil::{Weekday, time};

    /// A call that starts at that time of 2026-11-20 (a Friday) in Shanghai and lasts 10 minutes.
    fn at(clock: Time) -> Facts {
        let mut facts = call();
        // 2026-11-20T00:00:00+08:00 is 2026-11-19T16:00:00Z: 20,776 days and 16 h after the epoch.
        let timestamp_us = ((20_776 * 24 + 16) * 3_600_000 + of_day_ms(clock)) * 1_000;
        facts.call.metadata.started_at = Some(StartedAt { timestamp_us, utc_offset_min: 480 });
        facts
    }

    fn between(from: Time, to: Time, at_start: bool) -> Kind {
        Kind::Call(CallCondition { between: Some((from, to)), at_start, ..CallCondition::default() })
    }

    #[test]
    fn local_times_are_told() {
        let night = |at_start| between(time(22, 0, 0, 0), time(8, 0, 0, 0), at_start);
        let noon = between(time(12, 0, 0, 0), time(13, 0, 0, 0), false);
        let table = [
            ("at night", night(false), at(time(23, 0, 0, 0)), "1 findings"),
            ("after midnight", night(false), at(time(0, 10, 0, 0)), "1 findings"),
            ("the first second", night(true), at(time(22, 0, 0, 0)), "1 findings"),
            ("the first second after", night(true), at(time(8, 0, 0, 0)), "silent"),
            ("by day", night(false), at(time(15, 0, 0, 0)), "silent"),
            ("runs into the night", night(false), at(time(21, 55, 0, 0)), "1 findings"),
            ("starts before the night", night(true), at(time(21, 55, 0, 0)), "silent"),
            ("ends before the night", night(false), at(time(21, 49, 59, 0)), "silent"),
            ("runs into noon", noon.clone(), at(time(11, 50, 0, 0)), "1 findings"),
            ("after noon", noon, at(time(13, 0, 0, 0)), "silent"),
            ("no start", night(false), call(), "not applicable"),
        ];
        for (name, kind, facts, expected) in table {
            assert_eq!(outcome(&rule(kind), &facts), expected, "{name}");
        }
        let mut rule = rule(night(false));
        rule.report.message = "{it.value} 拨打".into();
        assert_eq!(judge(&rule, &at(time(21, 55, 0, 0))).findings[0].message, "2026-11-20 21:55 拨打");
    }

    #[test]
    fn days_lengths_and_columns_are_told() {
        let days = |weekdays: &[Weekday]| CallCondition { weekdays: weekdays.to_vec(), ..CallCondition::default() };
        let longer = |ms| CallCondition { longer_than_ms: Some(ms), ..CallCondition::default() };
        let shorter = |ms| CallCondition { shorter_than_ms: Some(ms), ..CallCondition::default() };
        let column = |is, values: &[&str]| {
            let column = ColumnCondition { column: "callee_role".into(), values: strings(values), is };
            CallCondition { column: Some(column), ..CallCondition::default() }
        };
        let fact = |name: &str, value: &str| {
            let column = ColumnCondition { column: name.into(), values: strings(&[value]), is: true };
            CallCondition { column: Some(column), ..CallCondition::default() }
        };
        let mut facts = at(time(9, 0, 0, 0));
        facts.call.sanity_flags = vec!["dead_channel".into(), "ringback".into()];
        facts.call.metadata.callee_role = Some("guarantor".into());
        facts.call.metadata.extra.insert("agreed_hours".into(), "Yes".into());
        let agreed = CallCondition { agreed_column: Some("agreed_hours".into()), ..longer(1) };
        let other = CallCondition { agreed_column: Some("other".into()), ..longer(1) };
        let table = [
            ("that day", days(&[Weekday::Friday]), "1 findings"),
            ("another day", days(&[Weekday::Saturday, Weekday::Sunday]), "silent"),
            ("longer", longer(599_999), "1 findings"),
            ("not longer", longer(600_000), "silent"),
            ("shorter", shorter(600_001), "1 findings"),
            ("not shorter", shorter(600_000), "silent"),
            ("is", column(true, &["debtor", "guarantor"]), "1 findings"),
            ("is another", column(true, &["debtor"]), "silent"),
            ("is not", column(false, &["debtor"]), "1 findings"),
            ("a fact of the call", fact("call_outcome", "conversation"), "1 findings"),
            ("another fact", fact("call_outcome", "voicemail"), "silent"),
            ("one of several flags", fact("sanity_flags", "ringback"), "1 findings"),
            ("is not, but is", column(false, &["guarantor"]), "silent"),
            ("agreed", agreed, "silent"),
            ("not agreed", other, "1 findings"),
            ("all must hold", CallCondition { weekdays: vec![Weekday::Monday], ..longer(1) }, "silent"),
        ];
        for (name, condition, expected) in table {
            assert_eq!(outcome(&rule(Kind::Call(condition)), &facts), expected, "{name}");
        }
        let mut lists = crate::rules::testing::lists();
        for (id, day) in [("zh/friday", "20261120"), ("zh/saturday", "20261121")] {
            lists.insert(id.into(), crate::rules::testing::list(id, &[day], &[]));
            let kind = Kind::Call(CallCondition { days: vec![id.into()], ..CallCondition::default() });
            let judgement = crate::rules::compile(&[rule(kind)], &lists)
                .expect("days")
                .judge(&facts, crate::rules::InForce::Ignore);
            assert_eq!(judgement.findings.len(), usize::from(id == "zh/friday"), "{id}");
        }
        facts.call.metadata.callee_role = None;
        assert_eq!(outcome(&rule(Kind::Call(column(false, &["debtor"]))), &facts), "not applicable");
        facts.call.sound = None;
        assert_eq!(outcome(&rule(Kind::Call(shorter(1_000))), &facts), "no_audio");
        assert_eq!(outcome(&rule(Kind::Call(longer(1_000))), &facts), "no_audio");
    }
}
