//! The arguments, as clap parses them.

mod clips;
mod dataset;
mod decoding;
mod display;
mod engine;
mod helpers;
mod inspect;
mod listening;
mod looking;
mod per_call;
mod report;
mod rules;
mod serve;
mod values;
mod worker;

pub(super) use clips::Clips;
pub(super) use dataset::{Compact, Diff, Forget, Hold, Recheck, Status, WhoseArgs};
pub(super) use decoding::DecodeArgs;
pub(super) use display::{DisplayArgs, RunOutput};
pub(super) use engine::{CacheArgs, EngineArgs};
pub(super) use helpers::{Completions, DecodeChild, Man};
pub(super) use inspect::Inspect;
pub(super) use listening::{Engines, EnginesCheck, EnginesCommand, Transcribe};
pub(super) use looking::{Entities, Probe, Schema, Transcript};
pub(super) use per_call::CallArgs;
pub(super) use report::Report;
pub(super) use rules::{
    PackArgs, Rules, RulesCheck, RulesCommand, RulesDiff, RulesDocs, RulesExplain, RulesList, RulesSchema, RulesShow,
};
pub(super) use serve::Serve;
pub(super) use values::{Colours, ListFormat, LogFormat, Progress, SchemaFormat, SchemaOf, SummaryFormat};
pub(super) use worker::{Describe, Worker};

use clap::{Parser, Subcommand};

/// What flags stand under in the help of every command.
mod heading {
    pub(super) const INPUT: &str = "Input";
    pub(super) const CALLS: &str = "Which calls";
    pub(super) const RULES: &str = "Rules";
    pub(super) const ENGINE: &str = "Speech engine";
    pub(super) const MEASURES: &str = "Channels and measures";
    pub(super) const DECODING: &str = "Decoding";
    pub(super) const PRIVACY: &str = "Personal data";
    pub(super) const RUN: &str = "Speed, memory and repetition";
    pub(super) const OUTPUT: &str = "Output";
    pub(super) const ACCESS: &str = "Access";
    pub(super) const DISPLAY: &str = "Display";
}

/// Inspects call recordings in batches and writes explainable results to Parquet.
#[derive(Debug, Parser)]
#[command(
    version,
    arg_required_else_help = true,
    max_term_width = 110,
    after_help = "Examples:
  callsift inspect recordings/2026-11-20 --out results   a night's calls
  callsift status results                                what is there
  callsift rules check --rules my-rules                  rules of your own

`callsift COMMAND --help` tells everything of a command, `-h` the short of it."
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub display: DisplayArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Inspect recordings and their transcripts, and write scored results
    ///
    /// Exit codes: 0 all inspected, 1 some recordings failed (see --max-failed), 2 a flag, pack or manifest is wrong and nothing was touched,
    /// 74 input or output failed and is worth a retry, 75 stopped by a signal: the same command does the rest.
    Inspect(Box<Inspect>),
    /// Judge the calls of a dataset again by other rules, without recordings or transcripts
    ///
    /// Exit codes: 0 all judged, 2 a flag or pack is wrong, 74 input or output failed and is worth a retry, 75 stopped by a signal: the same
    /// command does the rest.
    Recheck(Box<Recheck>),
    /// Write a page that shows what a dataset says, for people
    ///
    /// Exit codes: 0 written, 2 a flag or a file that was brought is wrong, 74 input or output failed.
    Report(Box<Report>),
    /// Say what two datasets say differently of the calls that both hold
    ///
    /// Exit codes: 0 no difference, 1 some, 2 no dataset, 74 input failed.
    Diff(Diff),
    /// Say what a dataset holds, and what of it is stale
    Status(Status),
    /// Cut what was found out of the recordings: a WAV file of each finding, and an index
    ///
    /// Exit codes: 0 all cut, 1 some recordings failed, 2 a flag or folder is wrong, 74 input or output failed and is worth a retry, 75 stopped
    /// by a signal: the same command does all.
    Clips(Box<Clips>),
    /// Show the calls of a dataset in a browser, and play them
    ///
    /// Reads only. The address that it prints has a token that opens it; keep it to yourself. Ctrl-C ends it. Exit codes: 0 it was ended, 2 a
    /// flag is wrong or there is no dataset, 74 the dataset cannot be read or the port is taken.
    Serve(Box<Serve>),
    /// Join the files of each day into fewer and larger ones
    Compact(Compact),
    /// Erase calls for good, and keep them from coming back
    ///
    /// Erased are rows in every table, what callsift's caches hold, and names in runs/. Recordings, transcripts, manifests and other datasets
    /// (such as rechecked ones) are not touched: erase there too. Exit codes: 0 erased, 1 some are held, 2 a flag is wrong.
    Forget(Forget),
    /// Forbid that calls are erased, or list what is held
    Hold(Hold),
    /// Look at rules, and run their examples
    Rules(Rules),
    /// Say what is heard in recordings: one JSON object a line
    Probe(Probe),
    /// Say what has a value or identifies somebody in lines of text: one JSON object a line
    ///
    /// Reads standard input.
    Entities(Entities),
    /// Have a speech engine hear recordings, and keep what it says for later runs
    ///
    /// Run inspect with the same engine, the same --language and --transcript-cache DIR, and it asks the engine nothing twice.
    Transcribe(Box<Transcribe>),
    /// Try a speech engine
    Engines(Engines),
    /// Read a transcript of any format that callsift knows, and print it in callsift's own
    ///
    /// Personal data is printed as it is.
    Transcript(Transcript),
    /// Describe the tables of a dataset, column by column
    Schema(Schema),
    /// Inspect calls that come as a stream of Arrow, for Spark, Ray and other engines that distribute work
    ///
    /// Reads standard input and writes standard output: a row out for each row in. Exit codes: 0 all written, 2 a flag, a rule or a row is
    /// wrong and another try changes nothing, 74 a pipe failed or the input was cut.
    Worker(Box<Worker>),
    /// Describe what a worker reads and writes, as JSON
    Describe(Describe),
    /// Print what completes commands and flags in a shell
    Completions(Completions),
    /// Write the manual, one page a command
    Man(Man),
    /// Decode one recording for another callsift, which survives when this one does not
    #[command(hide = true)]
    DecodeChild(DecodeChild),
    /// Hear clips for another callsift, which survives when this one does not
    #[cfg(feature = "sherpa")]
    #[command(hide = true, name = crate::engine::sherpa::COMMAND)]
    SherpaChild,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Command as Clap, CommandFactory};

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    /// Every command that does something, with the words that call it.
    fn commands(command: &Clap, words: &[&str]) -> Vec<(Vec<String>, Clap)> {
        let words: Vec<&str> = words.iter().copied().chain([command.get_name()]).collect();
        let shown = command.get_subcommands().filter(|it| !it.is_hide_set() && it.get_name() != "help");
        let below: Vec<_> = shown.flat_map(|it| commands(it, &words)).collect();
        let own = words.iter().map(|word| (*word).to_owned()).collect();
        if below.is_empty() { vec![(own, command.clone())] } else { below }
    }

    /// The words of a line as a shell reads them, as far as the examples need it.
    fn shell_words(line: &str) -> Vec<String> {
        let (mut words, mut is_quoted, mut word) = (Vec::new(), false, String::new());
        for c in line.chars() {
            match c {
                '\'' => is_quoted = !is_quoted,
                ' ' if !is_quoted => words.push(std::mem::take(&mut word)),
                c => word.push(c),
            }
        }
        words.push(word);
        words.retain(|word| !word.is_empty());
        words
    }

    #[test]
    fn every_command_has_examples_that_parse() {
        for (words, command) in commands(&Args::command(), &[]) {
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let after = after.replace(" \\\n    ", " ");
            let call = words.join(" ");
            // What is behind two spaces says what the example does.
            let lines = after.lines().filter_map(|line| line.strip_prefix("  "));
            let commands = lines.map(|line| line.rsplit(" | ").next().unwrap_or_default());
            let examples: Vec<&str> = commands
                .filter(|line| line.starts_with(&call))
                .map(|line| line.split("   ").next().unwrap_or_default())
                .collect();
            assert!(after.starts_with("Example") && !examples.is_empty(), "{call} has no example");
            for example in examples {
                let example = example.split(" > ").next().unwrap_or_default();
                let parsed = Args::try_parse_from(shell_words(example));
                assert!(parsed.is_ok(), "{example}: {}", parsed.expect_err("an error"));
            }
        }
    }

    #[test]
    fn the_flags_of_long_commands_stand_under_headings() {
        for (words, command) in commands(&Args::command(), &[]) {
            let flags: Vec<_> =
                command.get_arguments().filter(|arg| !arg.is_positional() && !arg.is_hide_set()).collect();
            let bare = flags.iter().filter(|arg| arg.get_help_heading().is_none()).count();
            assert!(flags.len() < 6 || bare == 0, "{}: {bare} of {} flags", words.join(" "), flags.len());
            assert!(flags.iter().all(|arg| arg.get_help().is_some()), "{}", words.join(" "));
        }
    }
}
