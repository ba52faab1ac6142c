//! `callsift rules list`: the rules and scorecards.

use crate::cli::args::RulesList;
use crate::cli::load::load_packs;
use crate::cli::table::Table;
use crate::cli::terminal::Page;
use crate::cli::{EXIT_OK, EXIT_SET_UP, print_page};
use crate::packs::Packs;

/// Runs the command; returns the exit code.
pub(super) fn run(args: &RulesList) -> u8 {
    load_packs(&args.packs).map_or(EXIT_SET_UP, |packs| print_page(&page(&packs), EXIT_OK))
}

fn page(packs: &Packs) -> Page {
    let (mut page, mut table) = (Page::default(), Table::new(["rule", "severity", "status", "category", "title"]));
    for loaded in packs.rules.values() {
        let rule = &loaded.rule;
        let cells = [rule.id.as_str(), rule.severity.name(), rule.status.name(), &rule.category, &rule.title];
        table.row(cells.map(Into::into));
    }
    table.push_to(&mut page);
    page.blank();
    page.line(format!("scorecards: {}", packs.cards.keys().cloned().collect::<Vec<_>>().join(", ")));
    page
}
