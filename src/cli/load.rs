//! Rules and lists from the command line's folders, with every mistake printed.

use super::args::PackArgs;
use crate::inspect::Plan;
use crate::packs::{self, PackOptions, Packs};
use crate::written::Mistake;
use crate::written::render::{Style, render};
use std::io::{IsTerminal, Write};

/// The packs, or `None` when their mistakes have been printed.
pub(super) fn load_packs(args: &PackArgs) -> Option<Packs> {
    let options = PackOptions { folders: args.rules.clone(), shipped: !args.no_shipped_rules };
    packs::load(&options).map_err(|mistakes| print(&mistakes)).ok()
}

/// The packs and what they judge by, or `None` when their mistakes have been printed.
pub(super) fn load_plan(args: &PackArgs, scorecard: Option<&str>) -> Option<(Packs, Plan)> {
    let packs = load_packs(args)?;
    let plan = packs.plan(scorecard).map_err(|error| print_line(&error.to_string())).ok()?;
    Some((packs, plan))
}

/// Prints an error to standard error.
pub(super) fn print_line(error: &str) {
    // Where standard error is gone there is nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "error: {error}");
}

fn print(mistakes: &[Mistake]) {
    let stderr = std::io::stderr();
    let colours = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let style = if colours { Style::Terminal } else { Style::Plain };
    // Where standard error is gone there is nobody to tell.
    let _ = writeln!(stderr.lock(), "{}", render(mistakes, style));
}
