//! `callsift transcript`: a transcript of any known format, in our own.

use super::args::Transcript;
use super::{EXIT_OK, EXIT_SET_UP, load, print_json};
use crate::engine::{EngineError, Transcribed, read_transcript};
use crate::transcript::import::ours::write;

/// Prints the transcript; what was odd about it goes to standard error. Returns the exit code.
pub(super) fn run(args: &Transcript) -> u8 {
    match read_transcript(&args.file, args.transcript_format) {
        Ok(Transcribed { transcript, .. }) => {
            transcript.warnings.iter().for_each(|warning| load::print_warning(&format!("warning: {warning}")));
            print_json(&write(&transcript), EXIT_OK)
        }
        Err(EngineError { message, .. }) => {
            load::print_line(&format!("{}: {message}", args.file.display()));
            EXIT_SET_UP
        }
    }
}
