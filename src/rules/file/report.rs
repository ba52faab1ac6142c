//! `[report]`: when a rule reports, and what it says.

use super::super::expression::{always_true, names_in, parse};
use super::super::model::{Kind, Report, When};
use super::look_for::WrittenLookFor;
use crate::written::{Fault, Placed, Table, codes, nearest};
use std::ops::Range;

/// What a placeholder can show of a condition.
const FIELDS: [&str; 5] = ["quote", "value", "threshold", "start", "count"];

pub(super) fn read(rule: &Table<'_>, look_fors: &[WrittenLookFor]) -> Report {
    rule.require_as("report", "[report]".to_owned());
    let nothing = || Report { when: When::Name(0), message: String::new(), advice: String::new(), once: false };
    let Some(table) = rule.table("report") else { return nothing() };
    let written_when = table.required_text("when");
    let when = read_when(&table, &written_when, look_fors);
    let message = table.required_text("message");
    if let Some(when) = &when {
        refuse_unused(&table, when, look_fors);
    }
    check_placeholders(&table, &message, when.as_ref(), look_fors);
    let advice = table.required_text("advice").value;
    let once = table.flag("once").unwrap_or(false);
    table.refuse_unknown_keys();
    Report { when: when.unwrap_or(When::Name(0)), message: message.value, advice, once }
}

fn read_when(table: &Table<'_>, written: &Placed<String>, look_fors: &[WrittenLookFor]) -> Option<When> {
    let names: Vec<String> = look_fors.iter().map(|look_for| look_for.name.value.clone()).collect();
    // Missing, empty, or nothing to name: that is reported already.
    if written.value.trim().is_empty() || names.is_empty() {
        return None;
    }
    match parse(&written.value, &names) {
        Ok(when) => Some(when),
        Err(faults) => {
            for fault in faults {
                let span = table.page().inside(written, fault.span.clone());
                table.report(fault.at(span));
            }
            None
        }
    }
}

fn refuse_unused(table: &Table<'_>, when: &When, look_fors: &[WrittenLookFor]) {
    let used = names_in(when);
    let after: Vec<&str> =
        look_fors.iter().filter_map(|written| Some(written.after.as_ref()?.value.as_str())).collect();
    for (at, written) in look_fors.iter().enumerate() {
        if !used.contains(&at) && !after.contains(&written.name.value.as_str()) {
            let message = format!("`{}` is looked for, but `when` does not use it", written.name.value);
            table.report(
                Fault::new(codes::UNUSED_LOOK_FOR, written.name.span.clone(), message)
                    .help("use it in `when`, or take it out"),
            );
        }
    }
}

/// The most placeholders of one message that are reported.
const MAX_PLACEHOLDER_FAULTS: usize = 5;

/// `{NAME.field}` in a message, or `{quote}`, whose name is empty: the words of the finding itself.
struct Placeholder<'m> {
    name: &'m str,
    field: &'m str,
    /// Bytes of the message, braces included.
    span: Range<usize>,
}

fn check_placeholders(table: &Table<'_>, message: &Placed<String>, when: Option<&When>, look_fors: &[WrittenLookFor]) {
    let (placeholders, faults) = placeholders(&message.value);
    let faults = faults.into_iter().chain(placeholders.iter().filter_map(|it| fault_of(it, when, look_fors)));
    for fault in faults.take(MAX_PLACEHOLDER_FAULTS) {
        let span = table.page().inside(message, fault.span.clone());
        table.report(fault.at(span));
    }
}

fn placeholders(message: &str) -> (Vec<Placeholder<'_>>, Vec<Fault>) {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(brace) = message[at..].find(['{', '}']) {
        let start = at + brace;
        let end = message[start..].find('}').map(|end| start + end + 1);
        let inner = end.and_then(|end| message.get(start + 1..end - 1));
        let parts = inner.and_then(|inner| if inner == "quote" { Some(("", inner)) } else { inner.split_once('.') });
        match parts {
            Some((name, field)) if !name.contains('{') => {
                found.push(Placeholder { name, field, span: start..end.unwrap_or(start) })
            }
            _ => faults.push(bad_placeholder(&message[start..end.unwrap_or(message.len())], start)),
        }
        at = end.unwrap_or(message.len());
    }
    (found, faults)
}

fn bad_placeholder(written: &str, start: usize) -> Fault {
    Fault::new(codes::BAD_PLACEHOLDER, start..start + written.len(), format!("`{written}` is no placeholder"))
        .help(format!("a placeholder is {{quote}} or {{NAME.FIELD}}; the fields are {}", nearest::quoted(FIELDS, ", ")))
}

fn fault_of(placeholder: &Placeholder<'_>, when: Option<&When>, look_fors: &[WrittenLookFor]) -> Option<Fault> {
    let Placeholder { name, field, span } = placeholder;
    let is_words = |at: usize| matches!(look_fors[at].look_for.kind, Kind::Words(_) | Kind::Patterns(_));
    if name.is_empty() {
        let when = when.filter(|when| !shows_words(when, &is_words))?;
        let fault = Fault::new(codes::PLACEHOLDER_MAY_BE_EMPTY, span.clone(), "`{quote}` may have nothing to show");
        let label = if shows(when) {
            "a finding of this rule may show no words"
        } else {
            "a finding of this rule may show nothing"
        };
        return Some(fault.label(label).help("leave it out, or write two rules"));
    }
    let names = || look_fors.iter().map(|written| written.name.value.as_str());
    if !FIELDS.contains(field) {
        let fault = Fault::new(codes::BAD_PLACEHOLDER, span.clone(), format!("a placeholder has no field `{field}`"));
        let help = format!("the fields are {}", nearest::quoted(FIELDS, ", "));
        return Some(fault.label(nearest::did_you_mean(field, FIELDS)).help(help));
    }
    let Some(at) = names().position(|candidate| candidate == *name) else {
        let fault = Fault::new(codes::UNKNOWN_NAME, span.clone(), format!("no look_for is called `{name}`"));
        let help = format!("this rule looks for {}", nearest::quoted(names(), ", "));
        return Some(fault.label(nearest::did_you_mean(name, names())).help(help));
    };
    maybe_empty(placeholder, at, !is_words(at), when)
}

/// Whether a finding always shows hits of some condition, rather than that something was not there.
fn shows(when: &When) -> bool {
    match when {
        When::Name(_) | When::Before(..) | When::Then(..) => true,
        When::Not(_) | When::EveryThen(..) => false,
        When::And(left, right) => shows(left) || shows(right),
        When::Or(left, right) => shows(left) && shows(right),
    }
}

/// Whether the condition that a finding shows, the first true one, always has words.
fn shows_words(when: &When, is_words: &dyn Fn(usize) -> bool) -> bool {
    match when {
        When::Name(name) | When::Before(name, _) | When::Then(name, ..) => is_words(*name),
        When::Not(_) | When::EveryThen(..) => false,
        When::And(left, right) => shows_words(if shows(left) { left } else { right }, is_words),
        When::Or(left, right) => shows_words(left, is_words) && shows_words(right, is_words),
    }
}

/// A placeholder that may have nothing to show, of the condition `at`.
fn maybe_empty(placeholder: &Placeholder<'_>, at: usize, measured: bool, when: Option<&When>) -> Option<Fault> {
    let Placeholder { name, field, span } = placeholder;
    let message = format!("`{{{name}.{field}}}` may have nothing to show");
    let fault = Fault::new(codes::PLACEHOLDER_MAY_BE_EMPTY, span.clone(), message);
    if !measured && matches!(*field, "value" | "threshold") {
        let help = format!("write `{{{name}.quote}}` or `{{{name}.count}}`");
        return Some(fault.label("words are not measured").help(help));
    }
    let when = when.filter(|when| !always_true(when).contains(&at))?;
    let help = match names_in(when).contains(&at) {
        true => format!("`when` can be true although `{name}` is not; leave it out, or write two rules"),
        false => format!("`when` does not use `{name}`"),
    };
    Some(fault.label("not true in every branch of `when`").help(help))
}
