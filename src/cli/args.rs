//! The arguments, as clap parses them.

use crate::worklist::agent_channel;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use jiff::tz::TimeZone;
use std::path::PathBuf;

/// Inspects call recordings in batches and writes explainable results to Parquet.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 110)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Inspect recordings and their transcripts, and write scored results
    Inspect(Box<Inspect>),
    /// Look at rules, and run their examples
    Rules(Rules),
    /// Say what is heard in recordings: one JSON object a line
    Probe(Probe),
}

/// Exit codes: 0 all inspected, 1 some recordings failed (see --max-failed), 2 a flag, pack or manifest is wrong,
/// 74 input or output failed and is worth a retry.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift inspect recordings/2026-11-20 --out results
  callsift inspect 'in/**/*.wav' --manifest calls.csv --transcripts asr --rules my-rules --out results")]
pub(super) struct Inspect {
    /// Recordings: files, folders (walked; manifest.csv at their top is used) and globs
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Folder of the dataset to write or to add to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// What is known of the calls: call_id, recording, transcript, started_at, agent_id, ... one line a call
    #[arg(long, value_name = "CSV")]
    pub manifest: Option<PathBuf>,
    /// Where saved transcripts are, named like the recordings (X.transcript.json or X.json for X.wav)
    #[arg(long, value_name = "DIR")]
    pub transcripts: Option<PathBuf>,
    #[command(flatten)]
    pub packs: PackArgs,
    /// Scorecard that judges every call: an id (see `callsift rules list`)
    #[arg(long, value_name = "ID")]
    pub scorecard: Option<String>,
    /// Worker threads; 0 for one a core
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    /// Language of calls where neither manifest nor transcript says one, such as zh
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// Zone of manifest times that have no offset, such as Asia/Shanghai
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub timezone: Option<TimeZone>,
    /// Channel the agent speaks on where the manifest does not say: 0, 1, left or right
    #[arg(long, default_value = "0", value_name = "CHANNEL", value_parser = channel)]
    pub agent_channel: u16,
    /// Failed recordings to tolerate: a share such as 0.5% or a count
    #[arg(long, default_value = "0", value_name = "SHARE", value_parser = tolerance)]
    pub max_failed: Tolerance,
    /// Manifest columns to write as they are; personal digits in all others are masked
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub keep_manifest_columns: Vec<String>,
    /// Progress bar on a terminal
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    pub progress: Progress,
    /// How messages are written to standard error
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,
}

/// Which rules to load.
#[derive(Clone, Debug, ClapArgs)]
pub(super) struct PackArgs {
    /// Folder with a pack of rules of your own, or with overrides.toml; may be repeated, later ones win
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
    /// Leave the shipped rules out
    #[arg(long)]
    pub no_shipped_rules: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Rules {
    #[command(subcommand)]
    pub command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Read every rule and list, and run every example
    Check(RulesCheck),
    /// List the rules and scorecards
    List(RulesList),
    /// Show one rule as it is written, and what overrides change in it
    Show(RulesShow),
}

#[derive(Debug, ClapArgs)]
pub(super) struct RulesCheck {
    #[command(flatten)]
    pub packs: PackArgs,
}

#[derive(Debug, ClapArgs)]
pub(super) struct RulesList {
    #[command(flatten)]
    pub packs: PackArgs,
}

#[derive(Debug, ClapArgs)]
pub(super) struct RulesShow {
    /// The rule's id, such as cn-collections.threat-of-visit
    pub id: String,
    #[command(flatten)]
    pub packs: PackArgs,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Probe {
    /// Recordings
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// When to draw a progress bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Progress {
    /// On a terminal
    Auto,
    /// Never
    Never,
}

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

/// How many failed recordings a run tolerates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tolerance {
    Share(f64),
    Count(usize),
}

impl Tolerance {
    /// Whether `failed` of `calls` are tolerated.
    pub(super) fn allows(self, failed: usize, calls: usize) -> bool {
        match self {
            Self::Share(share) => failed as f64 <= share * calls as f64,
            Self::Count(count) => failed <= count,
        }
    }
}

fn tolerance(text: &str) -> Result<Tolerance, String> {
    let way_out = || format!("{text:?} is neither a share such as 0.5% nor a count");
    match text.strip_suffix('%') {
        Some(percent) => match percent.trim().parse::<f64>() {
            Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Tolerance::Share(percent / 100.0)),
            _ => Err(way_out()),
        },
        None => text.parse().map(Tolerance::Count).map_err(|_| way_out()),
    }
}

fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| format!("{name:?} is no zone of the IANA data base; write it like Asia/Shanghai"))
}

fn channel(text: &str) -> Result<u16, String> {
    agent_channel(text).ok_or_else(|| "write 0, 1, left or right".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn tolerances() {
        let cases =
            [("0", 0, 10, true), ("0", 1, 10, false), ("10%", 1, 10, true), ("0.5%", 1, 199, false), ("2", 2, 2, true)];
        for (text, failed, calls, allowed) in cases {
            assert_eq!(tolerance(text).expect(text).allows(failed, calls), allowed, "{text}: {failed} of {calls}");
        }
        for text in ["", "x", "-1", "101%", "%", "1.5"] {
            assert!(tolerance(text).is_err(), "{text}");
        }
    }
}
