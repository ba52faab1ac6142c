//! The arguments, as clap parses them.

use crate::rules::InForce;
use crate::worklist::agent_channel;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
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
    /// Judge the calls of a dataset again by other rules, without recordings or transcripts
    Recheck(Box<Recheck>),
    /// Say what two datasets say differently of the calls that both hold
    Diff(Diff),
    /// Say what a dataset holds, and what of it is stale
    Status(Status),
    /// Join the files of each day into fewer and larger ones
    Compact(Compact),
    /// Erase calls for good, and keep them from coming back
    Forget(Forget),
    /// Forbid that calls are erased, or list what is held
    Hold(Hold),
    /// Look at rules, and run their examples
    Rules(Rules),
    /// Say what is heard in recordings: one JSON object a line
    Probe(Probe),
    /// Describe the tables of a dataset, column by column
    Schema(Schema),
}

/// Exit codes: 0 all inspected, 1 some recordings failed (see --max-failed), 2 a flag, pack or manifest is wrong,
/// 74 input or output failed and is worth a retry, 75 stopped by a signal: the same command does the rest.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift inspect recordings/2026-11-20 --out results
  callsift inspect 'in/**/*.wav' --manifest calls.csv --transcripts asr --rules my-rules --out results")]
pub(super) struct Inspect {
    /// Recordings: files, folders (walked; manifest.csv, .jsonl or .parquet at their top is used) and globs
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Folder of the dataset to write or to add to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// What is known of the calls: call_id, recording, transcript, started_at, agent_id, ... one line a call; CSV,
    /// JSON lines or Parquet
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// Every attempt to reach somebody, as the dialler logs it: CSV, JSON lines or Parquet
    #[arg(long, value_name = "FILE")]
    pub attempts: Option<PathBuf>,
    /// Dataset with earlier calls of the same customers; may be repeated
    #[arg(long, value_name = "DIR")]
    pub history: Vec<PathBuf>,
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
    /// Inspect calls again that have not changed since an earlier run
    #[arg(long)]
    pub force: bool,
    /// Tell what has not changed by the content of files, not by their size and time
    #[arg(long)]
    pub verify: bool,
    /// Try one call and write nothing
    #[arg(long, hide = true, value_name = "CALL")]
    pub rehearse: Option<String>,
    /// Progress bar on a terminal
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    pub progress: Progress,
    /// How messages are written to standard error
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,
}

/// Exit codes: 0 all judged, 2 a flag or pack is wrong, 74 input or output failed and is worth a retry, 75 stopped by a
/// signal: the same command does the rest.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift recheck results --rules new-rules --out rechecked
  callsift recheck results --out rechecked --from 2026-01-01 --to 2026-06-30 --in-force own-day
  callsift recheck results --scorecard my-card --out rescored")]
pub(super) struct Recheck {
    /// The dataset to judge again; it is only read
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    /// Folder of the dataset to write: the same facts, the new judgements, and what changed
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub packs: PackArgs,
    /// Scorecard that judges every call: an id (see `callsift rules list`)
    #[arg(long, value_name = "ID")]
    pub scorecard: Option<String>,
    /// Which rules count: `ignore` (all, whenever they are in force), `own-day` (those of each call's day) or those of a
    /// day such as 2026-11-20
    #[arg(long, default_value = "ignore", value_name = "WHEN", value_parser = in_force)]
    pub in_force: InForce,
    #[command(flatten)]
    pub days: DayArgs,
    /// Worker threads; 0 for one a core
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    /// Progress bar on a terminal
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    pub progress: Progress,
    /// How messages are written to standard error
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,
}

/// Which days.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(super) struct DayArgs {
    /// First day, such as 2026-11-01; calls without a date are left out
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
}

/// Exit codes: 0 no difference, 1 some, 2 no dataset, 74 input failed.
#[derive(Debug, ClapArgs)]
pub(super) struct Diff {
    /// The dataset before
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The dataset after
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    #[command(flatten)]
    pub days: DayArgs,
    /// `text` for people, `jsonl` for one JSON object a difference
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub format: ListFormat,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Status {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    /// `text` for people, `json` for scripts
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub format: StatusFormat,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Compact {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    #[command(flatten)]
    pub days: DayArgs,
    /// At most so many calls a file; memory grows with it
    #[arg(long, default_value_t = 8192, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub calls_per_file: u32,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift forget results --customer C10023 --dry-run
  callsift forget results --call 2026-11-20/call-0001.wav

Erased are rows in every table, what callsift's caches hold, and names in runs/. Recordings, transcripts, manifests and
other datasets (such as rechecked ones) are not touched: erase there too.")]
pub(super) struct Forget {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    #[command(flatten)]
    pub whose: WhoseArgs,
    /// Say what would be erased, and erase nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift hold results                                            what is held
  callsift hold results --customer C10023 --because 'case 2026-17'
  callsift hold results --customer C10023 --release")]
pub(super) struct Hold {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    #[command(flatten)]
    pub whose: WhoseArgs,
    /// Why they must not be erased
    #[arg(long, value_name = "TEXT", conflicts_with = "release")]
    pub because: Option<String>,
    /// Allow again that they are erased
    #[arg(long)]
    pub release: bool,
}

/// Which calls are meant.
#[derive(Clone, Debug, ClapArgs)]
pub(super) struct WhoseArgs {
    /// All calls of a customer, by the manifest's customer_id; may be repeated
    #[arg(long, value_name = "ID")]
    pub customer: Vec<String>,
    /// A call, by its call_id; may be repeated
    #[arg(long, value_name = "ID")]
    pub call: Vec<String>,
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

#[derive(Debug, ClapArgs)]
pub(super) struct Schema {
    /// One table, such as calls; all of them without it
    #[arg(value_name = "TABLE")]
    pub table: Option<String>,
    /// How to print them
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub format: SchemaFormat,
}

/// How tables are described.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaFormat {
    /// Lists for people
    Text,
    /// One JSON object a table and line
    Json,
    /// The page docs/tables.md
    Markdown,
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

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// For people
    Text,
    /// One JSON object a line
    Jsonl,
}

/// How a status is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum StatusFormat {
    /// For people
    Text,
    /// One JSON object
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

fn in_force(text: &str) -> Result<InForce, String> {
    match text {
        "ignore" => Ok(InForce::Ignore),
        "own-day" => Ok(InForce::OwnDay),
        day => day
            .parse()
            .map(InForce::On)
            .map_err(|_| format!("write ignore, own-day or a day such as 2026-11-20, not {text:?}")),
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
