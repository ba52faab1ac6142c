//! The arguments of what asks a speech engine and judges nothing.

use super::values::shard;
use super::{DecodeArgs, EngineArgs, RunOutput, heading};
use crate::worklist::Shard;
use clap::{Args as ClapArgs, Subcommand};
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  callsift transcribe recordings/2026-11-20 --command 'whisper-cli -m model.bin -oj -of {out} -f {wav}' --out transcripts")]
pub(in crate::cli) struct Transcribe {
    /// Recordings: files, folders and globs, as for inspect
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Folder that keeps what the engine says, unmasked, for its owner alone
    #[arg(long, value_name = "DIR", help_heading = heading::OUTPUT)]
    pub out: PathBuf,
    #[command(flatten)]
    pub output: RunOutput,
    /// What is known of the calls, as for inspect
    #[arg(long, value_name = "FILE", help_heading = heading::INPUT)]
    pub manifest: Option<PathBuf>,
    /// Language of calls where the manifest does not say, such as zh
    #[arg(long, value_name = "TAG", help_heading = heading::INPUT)]
    pub language: Option<String>,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub decoding: DecodeArgs,
    /// Work on one share of the recordings: 0/4, 1/4, 2/4 or 3/4, for four processes; auto/4 in a job array
    ///
    /// auto takes the share from JOB_COMPLETION_INDEX (Kubernetes) or SLURM_ARRAY_TASK_ID (Slurm), which count from 0. All shares write
    /// into one folder (docs/scale.md).
    #[arg(long, value_name = "I/N", value_parser = shard, help_heading = heading::RUN, hide_short_help = true)]
    pub shard: Option<Shard>,
    /// Threads that decode; 0 for one a core
    #[arg(long, default_value_t = 0, value_name = "N", help_heading = heading::RUN)]
    pub threads: usize,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Engines {
    #[command(subcommand)]
    pub command: EnginesCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum EnginesCommand {
    /// Have an engine hear a short call of a made voice, and say what works
    ///
    /// Keeps nothing. Exit codes: 0 the engine works, 1 it does not, 2 a flag is wrong.
    Check(Box<EnginesCheck>),
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  callsift engines check --language en --command 'whisper-cli -m model.bin -oj -of {out} -f {wav}'")]
pub(in crate::cli) struct EnginesCheck {
    #[command(flatten)]
    pub engine: EngineArgs,
    /// Language of the call: zh or en
    #[arg(long, default_value = "zh", value_name = "TAG", help_heading = heading::INPUT)]
    pub language: String,
}
