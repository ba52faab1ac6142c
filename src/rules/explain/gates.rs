//! Whether a rule is for a call, ground by ground.

use super::super::applies::{Applies, counts_alike, is_for, lacking, of_date, of_language};
use super::super::compile::Compiled;
use super::super::evaluate::{InForce, judges};
use super::super::heard::Heard;
use super::super::model::{Kind, Rule};
use crate::facts::{CallFacts, Status};
use std::fmt::Display;

/// One ground on which a rule is for a call or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// What is asked, in a word or two.
    pub about: &'static str,
    /// The answer.
    pub passes: Passes,
    /// Why.
    pub because: String,
}

/// Whether a gate lets a rule through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passes {
    /// It does.
    Yes,
    /// It does not: the rule is not for the call.
    No,
    /// Nobody can say: the rule is not evaluable.
    Unknown,
}

pub(super) fn of(compiled: &Compiled, heard: &Heard<'_>, in_force: InForce) -> Vec<Gate> {
    let (rule, call) = (&compiled.rule, &heard.facts.call);
    let mut gates = vec![status(compiled), of_call(call), eligible(rule, call)];
    if rule.look_fors.iter().any(|look| matches!(look.kind, Kind::SpeechRate(_))) {
        let passes = yes_or_no(counts_alike(rule, heard.facts));
        let because = match passes {
            Passes::Yes => "its thresholds are in what the call's language counts",
            _ => "the call's language counts words where the thresholds count characters, or the other way round",
        };
        gates.push(Gate { about: "speech rate", passes, because: because.to_owned() });
    }
    gates.push(language(rule, call, heard.strange));
    gates.push(days(rule, call, in_force));
    gates.push(columns(compiled, call));
    gates
}

fn status(compiled: &Compiled) -> Gate {
    let passes = yes_or_no(judges(compiled));
    let status = compiled.rule.status.name();
    let because = match passes {
        Passes::Yes => format!("the rule is {status}"),
        _ => format!("the rule is {status}; only active and trial rules judge"),
    };
    Gate { about: "status", passes, because }
}

fn of_call(call: &CallFacts) -> Gate {
    let (passes, because) = match call.status {
        Status::Ok => (Passes::Yes, "the call was read"),
        Status::Partial => (Passes::Yes, "a part of the call was read"),
        Status::Failed => (Passes::No, "the call could not be read"),
        Status::Skipped => (Passes::No, "the call was left out"),
    };
    Gate { about: "call", passes, because: because.to_owned() }
}

fn eligible(rule: &Rule, call: &CallFacts) -> Gate {
    let passes = yes_or_no(is_for(rule, call));
    let outcome = call.outcome.map_or("unknown", |outcome| outcome.name()).replace('_', " ");
    let named =
        || rule.outcomes.iter().map(|outcome| outcome.name().replace('_', " ")).collect::<Vec<_>>().join(" or ");
    let because = match (call.eligible, passes) {
        _ if !rule.outcomes.is_empty() => format!("the call is: {outcome}; the rule is for: {}", named()),
        (true, _) => "the call is a conversation".to_owned(),
        (false, Passes::Yes) => format!("the call is no conversation ({outcome}), but the rule is a red line"),
        (false, _) => format!("the call is no conversation ({outcome}), and the rule is not fatal"),
    };
    Gate { about: "conversation", passes, because }
}

fn language(rule: &Rule, call: &CallFacts, strange: Option<&str>) -> Gate {
    let applies = of_language(rule, call, strange);
    let of_rule = if rule.languages.is_empty() { "any language".to_owned() } else { rule.languages.join(", ") };
    let of_call = call.language.as_deref().unwrap_or("an unknown language");
    gate("language", applies, format!("the call is in {of_call}, the rule is for {of_rule}"))
}

fn days(rule: &Rule, call: &CallFacts, in_force: InForce) -> Gate {
    let applies = of_date(rule, call, in_force);
    let bounds = match (rule.in_force_from, rule.in_force_until) {
        (None, None) => "the rule is in force on every day".to_owned(),
        (from, until) => {
            let end =
                |word: &str, day: Option<&dyn Display>| day.map(|day| format!(" {word} {day}")).unwrap_or_default();
            let from = end("from", from.as_ref().map(|day| day as &dyn Display));
            let until = end("until", until.as_ref().map(|day| day as &dyn Display));
            format!("the rule is in force{from}{until}")
        }
    };
    let day = match in_force {
        InForce::Ignore => "days are not asked for".to_owned(),
        InForce::On(day) => format!("asked for {day}"),
        InForce::OwnDay => {
            let day = call.metadata.started_at.map(|started_at| started_at.local_date().to_string());
            day.map_or_else(|| "the day of the call is not known".to_owned(), |day| format!("the call was on {day}"))
        }
    };
    gate("in force", applies, format!("{bounds}; {day}"))
}

fn columns(compiled: &Compiled, call: &CallFacts) -> Gate {
    let missing: Vec<&str> = lacking(compiled, call).map(String::as_str).collect();
    let because = match (compiled.needs.is_empty(), missing.as_slice()) {
        (true, _) => "the rule needs no column of the manifest".to_owned(),
        (false, []) => {
            let filled = |column: &String| match call.metadata.column(column) {
                Some(value) => format!("{column} = {value}"),
                None if call.metadata.has_column(column) => format!("{column} is filled"),
                None => format!("{column} is empty"),
            };
            compiled.needs.iter().flatten().map(filled).collect::<Vec<_>>().join(", ")
        }
        (false, missing) => format!("empty, but needed: {}", missing.join(", ")),
    };
    Gate { about: "columns", passes: yes_or_no(missing.is_empty()), because }
}

/// An unknown ground says why in its own words.
fn gate(about: &'static str, applies: Applies, because: String) -> Gate {
    match applies {
        Applies::Yes => Gate { about, passes: Passes::Yes, because },
        Applies::No | Applies::Lacks(_) => Gate { about, passes: Passes::No, because },
        Applies::Unknown(why) => Gate { about, passes: Passes::Unknown, because: why.detail },
    }
}

const fn yes_or_no(yes: bool) -> Passes {
    if yes { Passes::Yes } else { Passes::No }
}
