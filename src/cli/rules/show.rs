//! `callsift rules show`: one rule as it is written, and what overrides change in it.

use crate::cli::args::RulesShow;
use crate::cli::load::{load_packs, print_line};
use crate::cli::{EXIT_OK, EXIT_SET_UP, print};
use crate::packs::{LoadedRule, Packs};
use crate::written::nearest::did_you_mean;
use std::fmt::Write as _;

/// Runs the command; returns the exit code.
pub(super) fn run(args: &RulesShow) -> u8 {
    let Some(packs) = load_packs(&args.packs) else { return EXIT_SET_UP };
    match packs.rules.get(&args.id) {
        Some(loaded) => print(&as_written(loaded), EXIT_OK),
        None => unknown_rule(&packs, &args.id),
    }
}

/// Says that there is no such rule; returns the exit code.
pub(super) fn unknown_rule(packs: &Packs, id: &str) -> u8 {
    let hint = did_you_mean(id, packs.rules.keys().map(String::as_str));
    print_line(&format!("no rule {id:?}; {hint} `callsift rules list` shows them all"));
    EXIT_SET_UP
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
