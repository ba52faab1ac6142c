//! `callsift rules check`: every example is run, and what is odd is told.

use super::mutate;
use super::show::unknown_rule;
use crate::cli::args::RulesCheck;
use crate::cli::language::count;
use crate::cli::load::{load_plan, print_warning};
use crate::cli::{EXIT_OK, EXIT_SET_UP, EXIT_SOME_FAILED, print};
use crate::inspect::example::{ExampleResult, check};
use crate::packs::lint::{Warning, lint};
use crate::packs::{LoadedRule, Packs};
use crate::rules::model::Expected;
use crate::rules::{Ruleset, compile};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt::Write as _;

/// Runs the command; returns the exit code.
pub(super) fn run(args: &RulesCheck) -> u8 {
    let Some((packs, _)) = load_plan(&args.packs, None) else { return EXIT_SET_UP };
    let rules = match chosen(&packs, args.rule.as_deref()) {
        Ok(rules) => rules,
        Err(code) => return code,
    };
    let (text, code) = run_check(&packs, &rules, args.mutate);
    let code = print(&text, code);
    let warnings = warnings(args, &packs);
    warnings.iter().for_each(|warning| print_warning(&warning.to_string()));
    if code == EXIT_OK && args.strict && !warnings.is_empty() { EXIT_SOME_FAILED } else { code }
}

/// The rules to check: all of them, or the one that is asked for; the exit code where there is no such rule.
fn chosen<'a>(packs: &'a Packs, id: Option<&str>) -> Result<Vec<&'a LoadedRule>, u8> {
    match id {
        None => Ok(packs.rules.values().collect()),
        Some(id) => packs.rules.get(id).map(|loaded| vec![loaded]).ok_or_else(|| unknown_rule(packs, id)),
    }
}

/// Runs every example of these rules, whatever their status, and then the mutants if they are asked for: what they say
/// means nothing where an example does not hold.
fn run_check(packs: &Packs, rules: &[&LoadedRule], mutate: bool) -> (String, u8) {
    let all: Vec<_> = packs.rules.values().map(|loaded| loaded.rule.clone()).collect();
    let ruleset = match compile(&all, &packs.lists) {
        Ok(ruleset) => ruleset,
        Err(error) => return (format!("{error}\n"), EXIT_SET_UP),
    };
    let (text, code) = run_examples(packs, rules, &ruleset);
    if mutate && code == EXIT_OK { mutate::run(packs, rules, &ruleset) } else { (text, code) }
}

/// What is odd. Who brings a folder is told of that folder: the shipped files are not theirs to change.
fn warnings(args: &RulesCheck, packs: &Packs) -> Vec<Warning> {
    let mut warnings = lint(packs, args.today.unwrap_or_else(today));
    warnings.retain(|warning| !warning.shipped || args.packs.rules.is_empty());
    warnings
}

/// The day by universal time: an approval that runs out does not do so to the hour.
fn today() -> Date {
    jiff::Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// The text names each example that does not hold.
fn run_examples(packs: &Packs, rules: &[&LoadedRule], ruleset: &Ruleset) -> (String, u8) {
    let (mut text, mut wrong, mut examples) = (String::new(), 0, 0);
    for loaded in rules {
        for result in check(&loaded.rule, ruleset) {
            examples += 1;
            if !result.is_as_expected() {
                wrong += 1;
                let _ = writeln!(text, "{}:{}: {}", loaded.file, result.line, describe(&result));
            }
        }
    }
    let counted = [count(rules.len(), "rule"), count(packs.lists.len(), "list"), count(examples, "example")].join(", ");
    let _ = match wrong {
        0 => writeln!(text, "{counted}: all examples hold"),
        wrong => writeln!(text, "{counted}: {wrong} do not hold"),
    };
    (text, if wrong == 0 { EXIT_OK } else { EXIT_SOME_FAILED })
}

fn describe(result: &ExampleResult) -> String {
    let said = |answer: Expected| match answer {
        Expected::Reports => "report",
        Expected::Silent => "stay silent",
        Expected::NotEvaluable => "not be evaluable",
    };
    let (name, wanted, got) = (&result.name, said(result.expected), said(result.got));
    let because = if result.because.is_empty() { String::new() } else { format!(" ({})", result.because) };
    match (&result.expected_quote, &result.quote) {
        (Some(wanted), Some(got)) if result.expected == result.got => {
            format!("example {name:?}: the quote should be {wanted:?}, and is {got:?}")
        }
        _ => format!("example {name:?}: the rule should {wanted}, and does {got}{because}"),
    }
}
