//! The arguments, as clap parses them.

mod clips;
mod dataset;
mod decoding;
mod engine;
mod rules;
mod values;

pub(super) use clips::Clips;
pub(super) use dataset::{Compact, Diff, Forget, Hold, Recheck, Status, WhoseArgs};
pub(super) use decoding::DecodeArgs;
pub(super) use engine::{CacheArgs, EngineArgs};
pub(super) use rules::{RulesDiff, RulesDocs, RulesExplain, RulesSchema};
pub(super) use values::{
    DocLanguage, EntityLanguage, ListFormat, LogFormat, Progress, SchemaFormat, SchemaOf, StatusFormat, Tolerance,
};

use crate::facts::AgentVoice;
use crate::transcript::import::Format;
use crate::units::Role;
use clap::{Args as ClapArgs, Parser, Subcommand};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::PathBuf;
use values::{channel, side, size_bytes, tolerance, transcript_format, zone};

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
    /// Cut what was found out of the recordings: a WAV file of each finding, and an index
    Clips(Box<Clips>),
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
    /// Say what has a value or identifies somebody in lines of text: one JSON object a line
    Entities(Entities),
    /// Have a speech engine hear recordings, and keep what it says for later runs
    Transcribe(Box<Transcribe>),
    /// Try a speech engine
    Engines(Engines),
    /// Read a transcript of any format that callsift knows, and print it in callsift's own
    Transcript(Transcript),
    /// Describe the tables of a dataset, column by column
    Schema(Schema),
    /// Decode one recording for another callsift, which survives when this one does not
    #[command(hide = true)]
    DecodeChild(DecodeChild),
    /// Hear clips for another callsift, which survives when this one does not
    #[cfg(feature = "sherpa")]
    #[command(hide = true, name = crate::engine::sherpa::COMMAND)]
    SherpaChild,
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
    /// Who or what is on which side of a call when (robot, menu, transfer, ...): CSV, JSON lines or Parquet, one line a leg
    #[arg(long, value_name = "FILE")]
    pub legs: Option<PathBuf>,
    /// Dataset with earlier calls of the same customers; may be repeated
    #[arg(long, value_name = "DIR")]
    pub history: Vec<PathBuf>,
    /// Where saved transcripts are, named like the recordings (X.transcript.json or X.json for X.wav)
    #[arg(long, value_name = "DIR")]
    pub transcripts: Option<PathBuf>,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub cache: CacheArgs,
    #[command(flatten)]
    pub packs: PackArgs,
    /// Scorecard that judges every call: an id (see `callsift rules list`)
    #[arg(long, value_name = "ID")]
    pub scorecard: Option<String>,
    /// Worker threads; 0 for one a core
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    /// Memory to stay within, as near as can be told, by working on fewer calls at once: 300MB, 2GB
    #[arg(long, value_name = "SIZE", value_parser = size_bytes)]
    pub memory: Option<u64>,
    /// Language of calls where neither manifest nor transcript says one, such as zh
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// Zone of manifest times that have no offset, such as Asia/Shanghai
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub timezone: Option<TimeZone>,
    /// Channel the agent speaks on where the manifest does not say: 0, 1, left or right
    #[arg(long, default_value = "0", value_name = "CHANNEL", value_parser = channel)]
    pub agent_channel: u16,
    /// Which voice is the agent's where the engine tells voices apart in a recording of one channel: words (as far as what is said makes it
    /// plain), first (the one that speaks first, machines aside), its number in the transcript from 0, or unknown
    #[arg(long, default_value = "words", value_name = "VOICE")]
    pub agent_voice: AgentVoice,
    /// Infer no emotion of this role: agent or customer; may be repeated
    #[arg(long, value_name = "ROLE", value_parser = side)]
    pub no_emotion: Vec<Role>,
    #[command(flatten)]
    pub decoding: DecodeArgs,
    /// Failed recordings to tolerate: a share such as 0.5% or a count
    #[arg(long, default_value = "0", value_name = "SHARE", value_parser = tolerance)]
    pub max_failed: Tolerance,
    /// Manifest columns to write as they are; personal digits in all others are masked
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub keep_manifest_columns: Vec<String>,
    /// File with a secret of 16 bytes or more: customer_id is written as a hash keyed with it
    #[arg(long, value_name = "FILE")]
    pub customer_key: Option<PathBuf>,
    /// Folder in which to keep what was said unmasked, a JSON file a call, for its owner alone; without it no raw text is kept
    #[arg(long, value_name = "DIR")]
    pub keep_raw_text: Option<PathBuf>,
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
    /// Say step by step why a rule did or did not report something of a call
    Explain(RulesExplain),
    /// Say what two sets of rules have that differs
    Diff(RulesDiff),
    /// Write the handbook of the rules, in Markdown
    Docs(RulesDocs),
    /// Print the JSON Schema of a file, for editors
    Schema(RulesSchema),
}

#[derive(Debug, ClapArgs)]
pub(super) struct RulesCheck {
    /// Exit with 1 where there are warnings
    #[arg(long)]
    pub strict: bool,
    /// The day by which approvals and rules have run out; today without it
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<Date>,
    #[command(flatten)]
    pub packs: PackArgs,
    /// Look at one rule alone, such as cn-collections.threat-of-visit
    #[arg(long, value_name = "ID")]
    pub rule: Option<String>,
    /// Break each rule in every small way, and list what no example of it notices
    #[arg(long)]
    pub mutate: bool,
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
    /// Print what every 10 ms of each channel show too
    #[arg(long)]
    pub frames: bool,
    #[command(flatten)]
    pub decoding: DecodeArgs,
}

/// Reads standard input.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  echo 明天下午三点前还三千五百块 | callsift entities --date 2026-11-20")]
pub(super) struct Entities {
    /// The lines' language
    #[arg(long, default_value = "zh", value_name = "LANGUAGE")]
    pub language: EntityLanguage,
    /// The day on which they were said, from which 明天 and 12号 are seen
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Date,
}

/// Run inspect with the same engine, the same --language and --transcript-cache DIR, and it asks the engine nothing twice.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  callsift transcribe recordings/2026-11-20 --command 'whisper-cli -m model.bin -oj -of {out} -f {wav}' --out transcripts")]
pub(super) struct Transcribe {
    /// Recordings: files, folders and globs, as for inspect
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Folder that keeps what the engine says, unmasked, for its owner alone
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// What is known of the calls, as for inspect
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    #[command(flatten)]
    pub engine: EngineArgs,
    /// Language of calls where the manifest does not say, such as zh
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// Threads that decode; 0 for one a core
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    #[command(flatten)]
    pub decoding: DecodeArgs,
    /// Progress bar on a terminal
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    pub progress: Progress,
    /// How messages are written to standard error
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Engines {
    #[command(subcommand)]
    pub command: EnginesCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum EnginesCommand {
    /// Have an engine hear a short call of a made voice, and say what works
    Check(Box<EnginesCheck>),
}

/// Keeps nothing. Exit codes: 0 the engine works, 1 it does not, 2 a flag is wrong.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  callsift engines check --language en --command 'whisper-cli -m model.bin -oj -of {out} -f {wav}'")]
pub(super) struct EnginesCheck {
    #[command(flatten)]
    pub engine: EngineArgs,
    /// Language of the call: zh or en
    #[arg(long, default_value = "zh", value_name = "TAG")]
    pub language: String,
}

/// Personal data is printed as it is.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  callsift transcript asr/call-0001.json > call-0001.transcript.json")]
pub(super) struct Transcript {
    /// The transcript, as an engine wrote it
    pub file: PathBuf,
    /// Its format, where callsift does not recognise it
    #[arg(long, value_name = "FORMAT", value_parser = transcript_format)]
    pub transcript_format: Option<Format>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct DecodeChild {
    /// Sound after this much is left out, in milliseconds
    pub max_duration_ms: i64,
    /// The recording
    pub file: PathBuf,
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }
}
