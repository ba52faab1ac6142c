//! `callsift rules docs`: the handbook of the rules.

use crate::cli::args::RulesDocs;
use crate::cli::load::{load_packs, print_line};
use crate::cli::{EXIT_IO, EXIT_OK, EXIT_SET_UP, print};
use crate::entities::mask_text;
use crate::packs::handbook::{Headings, handbook};
use std::path::Path;

/// Runs the command; returns the exit code.
pub(super) fn run(args: &RulesDocs) -> u8 {
    let Some(packs) = load_packs(&args.packs) else { return EXIT_SET_UP };
    let headings = args.language.map(|language| language.pick(Headings::Zh, Headings::En));
    match handbook(&packs, headings) {
        Ok(text) => match &args.out {
            Some(file) => write(file, &text),
            None => print(&text, EXIT_OK),
        },
        Err(error) => {
            print_line(&error.to_string());
            EXIT_SET_UP
        }
    }
}

fn write(file: &Path, text: &str) -> u8 {
    match std::fs::write(file, text) {
        Ok(()) => EXIT_OK,
        Err(error) => {
            print_line(&mask_text(&format!("--out {}: {error}", file.display())));
            EXIT_IO
        }
    }
}
