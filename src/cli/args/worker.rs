//! The arguments of what works for engines that distribute.

use super::values::{LogFormat, heartbeat, in_force};
use super::{CallArgs, PackArgs, heading};
use crate::rules::InForce;
use clap::Args as ClapArgs;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  cat calls.arrows | callsift worker --recordings /mnt/calls > results.arrows

docs/scale.md has the protocol, and how Spark, Ray and shells use it.")]
pub(in crate::cli) struct Worker {
    /// Judge again calls that a worker wrote, without recordings
    #[arg(long, help_heading = heading::INPUT)]
    pub recheck: bool,
    /// Folder that paths of rows count from; the working folder without it
    #[arg(long, value_name = "DIR", help_heading = heading::INPUT)]
    pub recordings: Option<PathBuf>,
    /// Where saved transcripts are, named like the recordings
    #[arg(long, value_name = "DIR", help_heading = heading::INPUT)]
    pub transcripts: Option<PathBuf>,
    #[command(flatten)]
    pub per_call: CallArgs,
    /// With --recheck, which rules count: ignore, own-day or a day such as 2026-11-20
    #[arg(long, default_value = "ignore", value_name = "WHEN", value_parser = in_force, help_heading = heading::RULES)]
    pub in_force: InForce,
    /// Worker threads; 0 for one a core
    #[arg(long, default_value_t = 1, value_name = "N", help_heading = heading::RUN)]
    pub threads: usize,
    /// Rows that are inspected before any of them is written: more keep an engine with many slots busy, and take more memory
    #[arg(long, default_value_t = 16, value_name = "N", help_heading = heading::RUN)]
    pub rows: usize,
    /// How often a line on standard error says how far it is: 10s, 1m; 0 for never
    #[arg(long, default_value = "10s", value_name = "TIME", value_parser = heartbeat, help_heading = heading::OUTPUT)]
    pub heartbeat: Heartbeat,
    /// How messages are written to standard error: text or json
    #[arg(long, default_value = "text", value_name = "FORMAT", hide_possible_values = true, help_heading = heading::OUTPUT)]
    pub log_format: LogFormat,
    /// End at once unless the process with this id is the one that started this: it may be gone by now
    #[arg(long, value_name = "PID", help_heading = heading::RUN)]
    pub parent: Option<u32>,
    /// Inspect for the worker with this id, which survives when this process does not
    #[arg(long, hide = true, value_name = "PID")]
    pub inspects_for: Option<u32>,
}

/// How often it is said how far a worker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Heartbeat(pub Option<Duration>);

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift describe
  callsift describe --rules my-rules --rules-table results/rules")]
pub(in crate::cli) struct Describe {
    #[command(flatten)]
    pub packs: PackArgs,
    /// Scorecard that judges every call: an id (see `callsift rules list`)
    #[arg(long, value_name = "ID", help_heading = heading::RULES)]
    pub scorecard: Option<String>,
    /// Folder to put the table of these rules into, named after their hash
    #[arg(long, value_name = "DIR")]
    pub rules_table: Option<PathBuf>,
}
