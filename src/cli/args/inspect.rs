//! The arguments of `callsift inspect`.

use super::values::{SummaryFormat, Tolerance, shard, size_bytes, tolerance};
use super::{CallArgs, RunOutput, heading};
use crate::worklist::Shard;
use clap::Args as ClapArgs;
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
    #[command(flatten)]
    pub per_call: CallArgs,
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
    /// Work on one share of the calls: 0/4, 1/4, 2/4 or 3/4, for four processes; auto/4 in a job array
    ///
    /// auto takes the share from JOB_COMPLETION_INDEX (Kubernetes) or SLURM_ARRAY_TASK_ID (Slurm), which count from 0. All shares write
    /// into one dataset (docs/scale.md).
    #[arg(long, value_name = "I/N", value_parser = shard, help_heading = heading::RUN, hide_short_help = true)]
    pub shard: Option<Shard>,
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
