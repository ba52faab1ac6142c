//! The arguments of what works on a dataset that is there.

use super::values::{ListFormat, SummaryFormat, in_force, shard, size_bytes};
use super::{PackArgs, RunOutput, heading};
use crate::rules::InForce;
use crate::worklist::Shard;
use clap::Args as ClapArgs;
use jiff::civil::Date;
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift recheck results --rules new-rules --out rechecked
  callsift recheck results --out rechecked --from 2026-01-01 --to 2026-06-30 --in-force own-day
  callsift recheck results --scorecard my-card --out rescored
  callsift recheck results --rules new-rules --out rechecked --dry-run")]
pub(in crate::cli) struct Recheck {
    /// The dataset to judge again; it is only read
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    /// Folder of the dataset to write: the same facts, the new judgements, and what changed
    #[arg(long, value_name = "DIR", help_heading = heading::OUTPUT)]
    pub out: PathBuf,
    /// How the summary is printed: text or json
    #[arg(long, default_value = "text", value_name = "FORMAT", hide_possible_values = true, help_heading = heading::OUTPUT)]
    pub format: SummaryFormat,
    #[command(flatten)]
    pub output: RunOutput,
    #[command(flatten)]
    pub days: DayArgs,
    #[command(flatten)]
    pub packs: PackArgs,
    /// Scorecard that judges every call: an id (see `callsift rules list`)
    #[arg(long, value_name = "ID", help_heading = heading::RULES)]
    pub scorecard: Option<String>,
    /// Which rules count: ignore, own-day or a day such as 2026-11-20
    ///
    /// ignore: all, whenever they are in force; own-day: those of each call's day; a day: those of that day.
    #[arg(long, default_value = "ignore", value_name = "WHEN", value_parser = in_force, help_heading = heading::RULES)]
    pub in_force: InForce,
    /// Say what would be judged and how many rules are asked, and write nothing
    #[arg(long, help_heading = heading::RUN)]
    pub dry_run: bool,
    /// Ask every rule again, also those that have not changed since they judged; the results are the same
    #[arg(long, help_heading = heading::RUN)]
    pub anew: bool,
    /// Worker threads; 0 for one a core
    #[arg(long, default_value_t = 0, value_name = "N", help_heading = heading::RUN)]
    pub threads: usize,
    /// Judge one share of the batches: 0/4, 1/4, 2/4 or 3/4, for four processes; auto/4 in a job array
    ///
    /// auto takes the share from JOB_COMPLETION_INDEX (Kubernetes) or SLURM_ARRAY_TASK_ID (Slurm), which count from 0. All shares write
    /// into one dataset (docs/scale.md).
    #[arg(long, value_name = "I/N", value_parser = shard, help_heading = heading::RUN)]
    pub shard: Option<Shard>,
    /// Memory to stay within, as near as can be told, by working on fewer batches at once: 300MB, 2GB
    #[arg(long, value_name = "SIZE", value_parser = size_bytes, help_heading = heading::RUN)]
    pub memory: Option<u64>,
}

/// Which days.
#[derive(Clone, Copy, Debug, ClapArgs)]
#[command(next_help_heading = heading::CALLS)]
pub(in crate::cli) struct DayArgs {
    /// First day, such as 2026-11-01; calls without a date are left out
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift diff results rechecked
  callsift diff results rechecked --from 2026-11-01 --format jsonl > differences.jsonl")]
pub(in crate::cli) struct Diff {
    /// The dataset before
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The dataset after
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    #[command(flatten)]
    pub days: DayArgs,
    /// How to print it: text, json (the counts) or jsonl (one object a difference)
    #[arg(long, default_value = "text", value_name = "FORMAT", hide_possible_values = true, help_heading = heading::OUTPUT)]
    pub format: ListFormat,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift status results
  callsift status results --format json > status.json")]
pub(in crate::cli) struct Status {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    /// How to print it: text or json
    #[arg(long, default_value = "text", value_name = "FORMAT", hide_possible_values = true)]
    pub format: SummaryFormat,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift compact results
  callsift compact results --to 2026-11-30 --dry-run")]
pub(in crate::cli) struct Compact {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    #[command(flatten)]
    pub days: DayArgs,
    /// At most so many calls a file; memory grows with it
    #[arg(long, default_value_t = 4096, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub calls_per_file: u32,
    /// Say how many batches there would be, and join none
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift forget results --customer C10023 --dry-run
  callsift forget results --call 2026-11-20/call-0001.wav")]
pub(in crate::cli) struct Forget {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    #[command(flatten)]
    pub whose: WhoseArgs,
    /// Folder of raw texts (inspect's --keep-raw-text) to erase them from too
    #[arg(long, value_name = "DIR", help_heading = heading::PRIVACY)]
    pub raw_text: Option<PathBuf>,
    /// Folder of the transcript cache to erase them from too; without it callsift/transcripts in the user's folder for caches
    #[arg(long, value_name = "DIR", help_heading = heading::PRIVACY)]
    pub transcript_cache: Option<PathBuf>,
    /// Say what would be erased, and erase nothing
    #[arg(long, help_heading = heading::RUN)]
    pub dry_run: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift hold results   what is held
  callsift hold results --customer C10023 --because 'case 2026-17'
  callsift hold results --customer C10023 --release")]
pub(in crate::cli) struct Hold {
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
#[command(next_help_heading = heading::CALLS)]
pub(in crate::cli) struct WhoseArgs {
    /// All calls of a customer, by the manifest's customer_id; may be repeated
    #[arg(long, value_name = "ID")]
    pub customer: Vec<String>,
    /// The file with the secret that `inspect` was given, where the dataset has ids of customers hashed with it
    #[arg(long, value_name = "FILE")]
    pub customer_key: Option<PathBuf>,
    /// A call, by its call_id; may be repeated
    #[arg(long, value_name = "ID")]
    pub call: Vec<String>,
}
