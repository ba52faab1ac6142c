//! Rules and lists from the command line's folders, with every mistake printed.

use super::args::PackArgs;
use super::terminal::{Ink, has_colours, message, rendered};
use crate::entities::{CustomerKey, mask_text};
use crate::inspect::Plan;
use crate::packs::{self, PackOptions, Packs};
use crate::written::Mistake;
use crate::written::render::{Style, render};
use std::io::Write;
use std::path::Path;

/// The packs, or `None` when their mistakes have been printed.
pub(super) fn load_packs(args: &PackArgs) -> Option<Packs> {
    let options = PackOptions { folders: args.rules.clone(), shipped: !args.no_shipped_rules };
    packs::load(&options).map_err(|mistakes| print_mistakes(&mistakes)).ok()
}

/// The packs and what they judge by, or `None` when their mistakes have been printed.
pub(super) fn load_plan(args: &PackArgs, scorecard: Option<&str>) -> Option<(Packs, Plan)> {
    let packs = load_packs(args)?;
    let plan = packs.plan(scorecard).map_err(|error| print_line(&error.to_string())).ok()?;
    Some((packs, plan))
}

/// The key for ids of customers that is in the file, if one is given.
///
/// # Errors
/// It cannot be read or is too short, which has been said.
pub(super) fn customer_key(path: Option<&Path>) -> Result<Option<CustomerKey>, ()> {
    let Some(path) = path else { return Ok(None) };
    let shown = mask_text(&path.display().to_string());
    if std::fs::metadata(path).is_ok_and(|data| !data.is_file()) {
        // It is read again by every process that tries a dangerous recording.
        print_line(&format!("--customer-key {shown} is no file: write the key to one that only you may read"));
        return Err(());
    }
    let secret = std::fs::read(path).map_err(|error| print_line(&format!("--customer-key {shown}: {error}")))?;
    let fewest = CustomerKey::FEWEST_BYTES;
    let short = || {
        print_line(&format!(
            "--customer-key {shown} holds fewer than {fewest} bytes; make one with: head -c 32 /dev/urandom | base64"
        ))
    };
    CustomerKey::of(&secret).map(Some).ok_or_else(short)
}

/// Prints an error to standard error.
pub(super) fn print_line(error: &str) {
    print_message(Ink::Bad, &format!("error: {error}"));
}

/// Prints what is allowed and still odd, `warning: ...`, to standard error.
pub(super) fn print_warning(warning: &str) {
    print_message(Ink::Warning, warning);
}

/// Prints what stands before the first colon in `ink`, and the rest.
fn print_message(ink: Ink, text: &str) {
    let text = message(text);
    let (level, rest) = text.split_at(text.find(':').unwrap_or_default());
    let stderr = std::io::stderr();
    // Where standard error is gone there is nobody to tell.
    let _ = writeln!(stderr.lock(), "{}{rest}", ink.on(level, has_colours(&stderr)));
}

pub(super) fn print_mistakes(mistakes: &[Mistake]) {
    let plain = render(mistakes, Style::Plain);
    let text = rendered(&plain, || render(mistakes, Style::Terminal), has_colours(&std::io::stderr()));
    // Where standard error is gone there is nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
