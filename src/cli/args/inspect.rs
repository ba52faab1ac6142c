//! The arguments of `callsift inspect`.

use super::values::{SummaryFormat, Tolerance, channel, side, size_bytes, tolerance, zone};
use super::{CacheArgs, DecodeArgs, EngineArgs, PackArgs, RunOutput, heading};
use crate::facts::AgentVoice;
use crate::units::Role;
use clap::Args as ClapArgs;
use jiff::tz::TimeZone;
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift inspect recordings/2026-11-20 --out results
  callsift inspect 'in/**/*.wav' --manifest calls.csv --transcripts asr --rules my-rules --out results
  callsift inspect recordings/2026-11-20 --out results --dry-run
  callsift inspect recordings/2026-11-20 --out results --format json > summary.json")]
pub(in crate::cli) struct Inspect {
    /// Recordings: files, folders and globs
    ///
    /// Folders are walked to the bottom; manifest.csv, .jsonl or .parquet at their top is used.
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Folder of the dataset to write or to add to
    #[arg(long, value_name = "DIR", help_heading = heading::OUTPUT)]
    pub out: PathBuf,
    /// How the summary is printed: text or json
    #[arg(long, default_value = "text", value_name = "FORMAT", hide_possible_values = true, help_heading = heading::OUTPUT)]
    pub format: SummaryFormat,
    #[command(flatten)]
    pub output: RunOutput,
    /// What is known of the calls: CSV, JSON lines or Parquet, one line a call
    ///
    /// Its columns: call_id, recording, transcript, started_at, agent_id, ... (see docs/manifest.md).
    #[arg(long, value_name = "FILE", help_heading = heading::INPUT)]
    pub manifest: Option<PathBuf>,
    /// Where saved transcripts are, named like the recordings
    ///
    /// X.transcript.json or X.json, for instance, for X.wav.
    #[arg(long, value_name = "DIR", help_heading = heading::INPUT)]
    pub transcripts: Option<PathBuf>,
    /// Every attempt to reach somebody, as the dialler logs it: CSV, JSON lines or Parquet
    #[arg(long, value_name = "FILE", help_heading = heading::INPUT)]
    pub attempts: Option<PathBuf>,
    /// Who or what (robot, menu, transfer, ...) is on which side of a call when: CSV, JSON lines or Parquet, one line a leg
    #[arg(long, value_name = "FILE", help_heading = heading::INPUT, hide_short_help = true)]
    pub legs: Option<PathBuf>,
    /// Dataset with earlier calls of the same customers; may be repeated
    #[arg(long, value_name = "DIR", help_heading = heading::INPUT)]
    pub history: Vec<PathBuf>,
    /// Language of calls where neither manifest nor transcript says one, such as zh
    #[arg(long, value_name = "TAG", help_heading = heading::INPUT)]
    pub language: Option<String>,
    /// Zone of manifest times that have no offset, such as Asia/Shanghai
    #[arg(long, value_name = "ZONE", value_parser = zone, help_heading = heading::INPUT)]
    pub timezone: Option<TimeZone>,
    #[command(flatten)]
    pub packs: PackArgs,
    /// Scorecard that judges every call: an id (see `callsift rules list`)
    #[arg(long, value_name = "ID", help_heading = heading::RULES)]
    pub scorecard: Option<String>,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub cache: CacheArgs,
    /// Channel the agent speaks on where the manifest does not say: 0, 1, left or right
    #[arg(long, default_value = "0", value_name = "CHANNEL", value_parser = channel, help_heading = heading::MEASURES)]
    pub agent_channel: u16,
    /// Which voice is the agent's in a recording of one channel: words, first, unknown or its number
    ///
    /// It matters where the engine tells voices apart. words: as far as what is said makes it plain; first: the one that speaks first,
    /// machines aside; a number: that of the transcript, from 0.
    #[arg(long, default_value = "words", value_name = "VOICE", help_heading = heading::MEASURES, hide_short_help = true)]
    pub agent_voice: AgentVoice,
    /// Infer no emotion of this role: agent or customer; may be repeated
    #[arg(long, value_name = "ROLE", value_parser = side, help_heading = heading::MEASURES, hide_short_help = true)]
    pub no_emotion: Vec<Role>,
    #[command(flatten)]
    pub decoding: DecodeArgs,
    /// Manifest columns to write as they are; personal digits in all others are masked
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', help_heading = heading::PRIVACY, hide_short_help = true)]
    pub keep_manifest_columns: Vec<String>,
    /// File with a secret of 16 bytes or more: customer_id is written as a hash keyed with it
    #[arg(long, value_name = "FILE", help_heading = heading::PRIVACY)]
    pub customer_key: Option<PathBuf>,
    /// Folder in which to keep what was said unmasked, a JSON file a call, for its owner alone
    ///
    /// Without it no raw text is kept.
    #[arg(long, value_name = "DIR", help_heading = heading::PRIVACY, hide_short_help = true)]
    pub keep_raw_text: Option<PathBuf>,
    /// Say what would be inspected and by which rules, and write nothing
    #[arg(long, help_heading = heading::RUN)]
    pub dry_run: bool,
    /// Worker threads; 0 for one a core
    #[arg(long, default_value_t = 0, value_name = "N", help_heading = heading::RUN)]
    pub threads: usize,
    /// Memory to stay within, as near as can be told, by working on fewer calls at once: 300MB, 2GB
    #[arg(long, value_name = "SIZE", value_parser = size_bytes, help_heading = heading::RUN, hide_short_help = true)]
    pub memory: Option<u64>,
    /// Failed recordings to tolerate: a share such as 0.5% or a count
    #[arg(long, default_value = "0", value_name = "SHARE", value_parser = tolerance, help_heading = heading::RUN)]
    pub max_failed: Tolerance,
    /// Inspect calls again that have not changed since an earlier run
    #[arg(long, help_heading = heading::RUN)]
    pub force: bool,
    /// Tell what has not changed by the content of files, not by their size and time
    #[arg(long, help_heading = heading::RUN, hide_short_help = true)]
    pub verify: bool,
    /// Try one call and write nothing
    #[arg(long, hide = true, value_name = "CALL")]
    pub rehearse: Option<String>,
}
