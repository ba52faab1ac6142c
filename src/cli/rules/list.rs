//! `callsift rules list`: the rules and scorecards.

use crate::cli::args::RulesList;
use crate::cli::load::load_packs;
use crate::cli::{EXIT_OK, EXIT_SET_UP, print};
use crate::packs::Packs;
use comfy_table::{Table, presets};
use std::fmt::Write as _;

/// Runs the command; returns the exit code.
pub(super) fn run(args: &RulesList) -> u8 {
    load_packs(&args.packs).map_or(EXIT_SET_UP, |packs| print(&text(&packs), EXIT_OK))
}

fn text(packs: &Packs) -> String {
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
