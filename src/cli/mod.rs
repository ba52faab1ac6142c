//! The command line: arguments to a plan, results to a terminal. One file a command.

#![expect(clippy::disallowed_methods, reason = "an edge: reads the clock and the environment")]

mod args;
mod inspect;
mod load;
mod log;
mod probe;
mod progress;
mod rules;
mod summary;

use clap::Parser;
use std::process::ExitCode;

/// All inspected.
pub const EXIT_OK: u8 = 0;
/// Some recordings failed, more than `--max-failed` tolerates; or a rule's example did not hold.
pub const EXIT_SOME_FAILED: u8 = 1;
/// A flag, pack or manifest is wrong; nothing was touched. Launchers should not retry.
pub const EXIT_SET_UP: u8 = 2;
/// Input or output failed; worth a retry.
pub const EXIT_IO: u8 = 74;

/// Runs the command line of this process and returns its exit code.
#[must_use]
pub fn main() -> ExitCode {
    // What a panic says may hold words of a call; where it happened cannot.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        load::print_line(&format!("callsift stumbled{place}; please report this line"));
    }));
    let args = args::Args::parse();
    let code = match args.command {
        args::Command::Inspect(inspect) => inspect::run(&inspect),
        args::Command::Rules(rules) => rules::run(&rules),
        args::Command::Probe(probe) => probe::run(&probe),
    };
    ExitCode::from(code)
}
