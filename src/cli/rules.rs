//! `callsift rules`: check, list, show.

mod mutate;

use super::args::{Rules, RulesCheck, RulesCommand};
use super::load::{load_packs, load_plan, print_line};
use super::summary::count;
use super::{EXIT_IO, EXIT_OK, EXIT_SET_UP, EXIT_SOME_FAILED};
use crate::inspect::example::{ExampleResult, check};
use crate::packs::{LoadedRule, Packs};
use crate::rules::model::Expected;
use crate::rules::{Ruleset, compile};
use comfy_table::{Table, presets};
use std::fmt::Write as _;
use std::io::Write as _;

/// Runs the command; returns the exit code.
pub(super) fn run(args: &Rules) -> u8 {
    let (text, code) = match &args.command {
        RulesCommand::Check(check) => match load_plan(&check.packs, None) {
            Some((packs, _)) => match chosen(&packs, check) {
                Ok(rules) => run_check(&packs, &rules, check.mutate),
                Err(code) => return code,
            },
            None => return EXIT_SET_UP,
        },
        RulesCommand::List(list) => match load_packs(&list.packs) {
            Some(packs) => (list_rules(&packs), EXIT_OK),
            None => return EXIT_SET_UP,
        },
        RulesCommand::Show(show) => match load_packs(&show.packs) {
            Some(packs) => match packs.rules.get(&show.id) {
                Some(loaded) => (as_written(loaded), EXIT_OK),
                None => return unknown_rule(&packs, &show.id),
            },
            None => return EXIT_SET_UP,
        },
    };
    if std::io::stdout().lock().write_all(text.as_bytes()).is_ok() { code } else { EXIT_IO }
}

/// The rule's file as written, then what overrides changed.
fn as_written(loaded: &LoadedRule) -> String {
    let mut text = loaded.text.clone();
    for change in &loaded.changes {
        let _ = write!(text, "\n# {} sets {} = {}: {}", change.file, change.path, change.value, change.because);
    }
    if !loaded.changes.is_empty() {
        text.push('\n');
    }
    text
}

fn unknown_rule(packs: &Packs, id: &str) -> u8 {
    let hint = crate::written::nearest::did_you_mean(id, packs.rules.keys().map(String::as_str));
    print_line(&format!("no rule {id:?}; {hint} `callsift rules list` shows them all"));
    EXIT_SET_UP
}

/// The rules to check: all of them, or the one that is asked for; the exit code where there is no such rule.
fn chosen<'a>(packs: &'a Packs, check: &RulesCheck) -> Result<Vec<&'a LoadedRule>, u8> {
    match &check.rule {
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

fn list_rules(packs: &Packs) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["rule", "severity", "status", "category", "title"]);
    for loaded in packs.rules.values() {
        let rule = &loaded.rule;
        table.add_row([rule.id.as_str(), rule.severity.name(), rule.status.name(), &rule.category, &rule.title]);
    }
    let mut text = String::new();
    for line in table.lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let _ = writeln!(text, "\nscorecards: {}", packs.cards.keys().cloned().collect::<Vec<_>>().join(", "));
    text
}
