//! The command line: arguments to a plan, results to a terminal. One file a command.

#![expect(clippy::disallowed_methods, reason = "an edge: reads the clock and the environment")]

mod args;
mod clips;
mod compact;
mod completions;
mod decode_child;
mod diff;
mod dry_run;
mod engine;
mod engines;
mod entities;
mod erase;
mod history;
mod inspect;
mod language;
mod load;
mod log;
mod man;
mod per_call;
mod probe;
mod progress;
mod recheck;
mod report;
mod rules;
mod schema;
mod serve;
#[cfg(feature = "sherpa")]
mod sherpa_child;
mod signals;
mod status;
mod summary;
mod suspects;
mod table;
mod terminal;
mod transcribe;
mod transcript;
mod worker;

use clap::Parser;
use language::Language;
use std::process::ExitCode;

/// All inspected.
pub const EXIT_OK: u8 = 0;
/// Some recordings failed, more than `--max-failed` tolerates; or a rule's example did not hold, or too few
/// of its mutants were noticed.
pub const EXIT_SOME_FAILED: u8 = 1;
/// A flag, pack or manifest is wrong; nothing was touched. Launchers should not retry.
pub const EXIT_SET_UP: u8 = 2;
/// Input or output failed; worth a retry.
pub const EXIT_IO: u8 = 74;
/// Stopped by a signal; what was begun is finished, and the same command does the rest.
pub const EXIT_STOPPED: u8 = 75;

/// The name of a run that starts now: unlike any other's, and sorted by time.
fn run_name() -> String {
    format!("{}-{}", jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%6fZ"), std::process::id())
}

/// Says that a dataset cannot be used; returns the exit code.
fn no_dataset(place: &std::path::Path, error: &crate::dataset::DatasetError) -> u8 {
    load::print_line(&crate::entities::mask_text(&format!("{}: {error}", place.display())));
    // A retry does not make another folder of it, nor give the right to write there.
    if matches!(error.code(), "no_dataset" | "not_a_dataset" | "unwritable" | "unsupported") {
        EXIT_SET_UP
    } else {
        EXIT_IO
    }
}

/// Prints text for people; returns `code`, or that output failed.
fn print(text: &str, code: u8) -> u8 {
    if terminal::write_text(text) { code } else { EXIT_IO }
}

/// Prints a page for people; returns `code`, or that output failed.
fn print_page(page: &terminal::Page, code: u8) -> u8 {
    if terminal::write_page(page) { code } else { EXIT_IO }
}

/// Prints JSON, ending in a line break; returns `code`, or that output failed.
fn print_json(json: &str, code: u8) -> u8 {
    if terminal::write_json(json) { code } else { EXIT_IO }
}

/// Runs the command line of this process and returns its exit code.
#[must_use]
pub fn main() -> ExitCode {
    // What a panic says may hold words of a call; where it happened cannot.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        load::print_line(&format!("callsift stumbled{place}; please report this line"));
    }));
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return ExitCode::from(not_parsed(&error)),
    };
    terminal::choose_colours(args.display.color);
    let language =
        args.display.display_language.unwrap_or_else(|| language::language_of_locale(|name| std::env::var(name).ok()));
    #[cfg(target_os = "linux")]
    {
        // They stay half used: without them memory is a fifth less, and time the same (docs/performance.md). A kernel that does not
        // know of them gives none.
        let _ = rustix::thread::disable_transparent_huge_pages(true);
    }
    ExitCode::from(run(args.command, language))
}

/// Runs the command; returns its exit code.
fn run(command: args::Command, language: Language) -> u8 {
    match command {
        args::Command::Inspect(inspect) => inspect::run(&inspect, language),
        args::Command::Recheck(recheck) => recheck::run(&recheck, language),
        args::Command::Diff(diff) => diff::run(&diff, language),
        args::Command::Status(status) => status::run(&status, language),
        args::Command::Report(report) => report::run(&report, language),
        args::Command::Clips(clips) => clips::run(&clips),
        args::Command::Serve(serve) => serve::run(&serve, language),
        args::Command::Compact(compact) => compact::run(&compact),
        args::Command::Forget(forget) => erase::forget(&forget),
        args::Command::Hold(hold) => erase::hold(&hold),
        args::Command::Rules(rules) => rules::run(&rules),
        args::Command::Probe(probe) => probe::run(&probe),
        args::Command::DecodeChild(decode) => decode_child::run(&decode),
        #[cfg(feature = "sherpa")]
        args::Command::SherpaChild => sherpa_child::run(),
        args::Command::Entities(entities) => entities::run(&entities),
        args::Command::Transcribe(transcribe) => transcribe::run(&transcribe),
        args::Command::Engines(engines) => engines::run(&engines),
        args::Command::Transcript(transcript) => transcript::run(&transcript),
        args::Command::Schema(schema) => schema::run(&schema),
        args::Command::Worker(worker) => worker::run(&worker),
        args::Command::Describe(describe) => worker::describe_worker(&describe),
        args::Command::Completions(completions) => completions::run(&completions),
        args::Command::Man(man) => man::run(&man),
    }
}

/// Prints help, the version, or what is wrong with the command line; returns the exit code.
fn not_parsed(error: &clap::Error) -> u8 {
    use std::io::Write as _;
    let code = u8::try_from(error.exit_code()).unwrap_or(EXIT_SET_UP);
    let text = error.render();
    let (plain, coloured) = (text.to_string(), || text.ansi().to_string());
    let is_written = if error.use_stderr() {
        let text = terminal::rendered(&plain, coloured, terminal::has_colours(&std::io::stderr()));
        std::io::stderr().lock().write_all(text.as_bytes()).is_ok()
    } else {
        let text = terminal::rendered(&plain, coloured, terminal::has_colours(&std::io::stdout()));
        std::io::stdout().lock().write_all(text.as_bytes()).is_ok()
    };
    if is_written { code } else { EXIT_IO }
}
