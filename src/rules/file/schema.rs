//! The JSON Schema of a rule's file, for editors.

mod kinds;

use super::super::expression::RESERVED;
use super::example::{COLUMNS, closed_values};
use super::look_for::{NAMED_KINDS, SPEAKERS};
use super::rule::CONFIDENCES;
use crate::facts::CallOutcome;
use crate::finding::{RuleStatus, Severity};
use crate::written::schema::{
    DECIMAL, Key, choice, date, duration, file, flag, integer, list_of, named, one_of, one_of_names, optional,
    required, shaped, table, text, texts,
};
use serde_json::{Value, json};

/// The schema of a rule.
#[must_use]
pub fn schema() -> Value {
    let status = one_of_names(RuleStatus::ALL.map(RuleStatus::name));
    let severity = one_of_names(Severity::ALL.map(Severity::name));
    let keys = [
        required("id", "The folder's name, a dot, the file's name without .toml", shaped(r"^[^\s.]+(\.[^\s.]+)+$")),
        required("title", "What people see", text()),
        required("status", "draft and retired rules do not judge; trial rules judge and cost nothing", status),
        required("severity", "How grave a finding is; a fatal one fails the call, pending review", severity),
        required("category", "The family it belongs to; scorecards name categories", text()),
        required("owner", "Who looks after it", text()),
        optional("approved", "Who approved it, not being its author, and until when", approved()),
        required("revision", "Raise it when the meaning changes", integer(1..=1_000_000)),
        optional("languages", "Languages it is for; any where there is none", list_of(shaped("^[a-z]{2,3}$"), 0)),
        optional("in_force", "The days on which it is in force", in_force()),
        optional("outcomes", "What kinds of call it is for; conversations where there is none", outcomes()),
        optional("needs", "Columns of the manifest that must be filled", texts(1)),
        required("what", "What it finds", text()),
        required("why", "Why that matters", text()),
        required("misses", "What it cannot find and must not report", text()),
        required("sources", "Where it comes from", list_of(source(), 1)),
        required("look_for", "What it looks for, by names of your own", look_fors()),
        required("report", "When and what it reports", report()),
        required("example", "Calls that show what it reports and what it does not", list_of(example(), 2)),
    ];
    file("A rule of callsift", table(keys))
}

fn approved() -> Value {
    table([
        required("by", "Who", text()),
        required("on", "When", date()),
        optional("review_by", "When it must be looked at again", date()),
    ])
}

fn outcomes() -> Value {
    let names = one_of_names(CallOutcome::ALL.map(CallOutcome::name));
    json!({ "type": "array", "items": names, "minItems": 1, "uniqueItems": true })
}

fn in_force() -> Value {
    table([required("from", "The first day", date()), optional("until", "The last day", date())])
}

fn source() -> Value {
    table([
        required("cite", "Law and clause, or practice", text()),
        required("confidence", "How sure of it you are", one_of_names(CONFIDENCES)),
    ])
}

/// Letters of every script are allowed; editors do not agree on how a pattern says so, so it says what is not.
fn look_fors() -> Value {
    let mut look_fors = named(one_of(kinds::all(NAMED_KINDS.map(|(name, _)| name)).collect()));
    look_fors["propertyNames"] = json!({ "pattern": r"^[^\s0-9().,_-][^\s().,]*$", "not": { "enum": RESERVED } });
    look_fors
}

/// The keys that every kind of condition has.
fn of_every_kind() -> Vec<Key> {
    vec![
        optional("speaker", "Whose words or sound count", speakers()),
        optional(
            "where",
            "Which part of the call counts, such as \"first 30 s\" or \"after NAME within 60 s\"",
            place(),
        ),
        optional("count_at_least", "How many hits make it true", integer(1..=1_000_000)),
    ]
}

fn speakers() -> Value {
    let several = json!({ "type": "array", "items": choice(&SPEAKERS[..SPEAKERS.len() - 1]), "minItems": 1, "uniqueItems": true });
    one_of(vec![choice(&SPEAKERS), several])
}

fn place() -> Value {
    let time = format!("{DECIMAL} +(ms|s|min|h)");
    let part = format!("(first|last) +([0-9]+ +turns?|{time}|{DECIMAL} +%)");
    shaped(&format!(r"^ *({part}|(after|before) +\S+( +within +([0-9]+ +turns?|{time}))?) *$"))
}

fn report() -> Value {
    table([
        required("when", "Names joined by not, before, then … within 60 s, and, or, and parentheses", text()),
        required("message", "What people read, with placeholders such as {NAME.quote}", text()),
        required("advice", "What to do about it", text()),
        optional("once", "One finding a call rather than one a hit", flag()),
    ])
}

fn example() -> Value {
    let column = |column: &'static str| {
        let value = closed_values(column).map_or_else(text, |values| one_of_names(values.iter().copied()));
        optional(column, "As in the manifest", value)
    };
    let keys = [
        required("name", "What it shows", text()),
        required("report", "Whether the rule reports", json!({ "enum": [true, false, "not_evaluable"] })),
        required("call", "Lines such as 00:05  agent  text", text()),
        optional("quote", "The words that the first finding must quote", text()),
        optional("channel_count", "Channels of the recording", integer(1..=2)),
        optional("recording", "Whether there is sound", flag()),
        optional("transcript", "Whether there are words", flag()),
        optional("started_at", "Local time with its distance from UTC", text()),
        optional("language", "The call's language; the rule's first where there is none", text()),
        optional("earlier", "Earlier calls of the same customer", list_of(earlier(), 1)),
        optional("extra", "Further columns", json!({ "type": "object", "additionalProperties": text() })),
    ];
    table(keys.into_iter().chain(COLUMNS.map(column)))
}

fn earlier() -> Value {
    let column = |column: &str| one_of_names(closed_values(column).unwrap_or_default().iter().copied());
    table([
        required("before", "How long before this call it started", duration()),
        optional("direction", "As in the manifest", column("direction")),
        optional("answered", "Whether somebody answered", flag()),
        optional("talk", "How long they talked", duration()),
        optional("callee_role", "As in the manifest", column("callee_role")),
        optional("same_number", "Whether it was to the number of this call", flag()),
        optional("stop_requested", "Whether the one called asked not to be called again", flag()),
    ])
}
