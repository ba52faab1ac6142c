//! The arguments of what works on a dataset that is there.

use super::PackArgs;
use super::values::{ListFormat, LogFormat, Progress, StatusFormat, in_force, size_bytes};
use crate::rules::InForce;
use clap::Args as ClapArgs;
use jiff::civil::Date;
use std::path::PathBuf;

/// Exit codes: 0 all judged, 2 a flag or pack is wrong, 74 input or output failed and is worth a retry, 75 stopped by a
/// signal: the same command does the rest.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift recheck results --rules new-rules --out rechecked
  callsift recheck results --out rechecked --from 2026-01-01 --to 2026-06-30 --in-force own-day
  callsift recheck results --scorecard my-card --out rescored")]
pub(in crate::cli) struct Recheck {
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
    /// Ask every rule again, also those that have not changed since they judged; the results are the same
    #[arg(long)]
    pub anew: bool,
    #[command(flatten)]
    pub days: DayArgs,
    /// Worker threads; 0 for one a core
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    /// Memory to stay within, as near as can be told, by working on fewer batches at once: 300MB, 2GB
    #[arg(long, value_name = "SIZE", value_parser = size_bytes)]
    pub memory: Option<u64>,
    /// Progress bar on a terminal
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    pub progress: Progress,
    /// How messages are written to standard error
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,
}

/// Which days.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(in crate::cli) struct DayArgs {
    /// First day, such as 2026-11-01; calls without a date are left out
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
}

/// Exit codes: 0 no difference, 1 some, 2 no dataset, 74 input failed.
#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Diff {
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
pub(in crate::cli) struct Status {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    /// `text` for people, `json` for scripts
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub format: StatusFormat,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Compact {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    #[command(flatten)]
    pub days: DayArgs,
    /// At most so many calls a file; memory grows with it
    #[arg(long, default_value_t = 4096, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub calls_per_file: u32,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift forget results --customer C10023 --dry-run
  callsift forget results --call 2026-11-20/call-0001.wav

Erased are rows in every table, what callsift's caches hold, and names in runs/. Recordings, transcripts, manifests and
other datasets (such as rechecked ones) are not touched: erase there too.")]
pub(in crate::cli) struct Forget {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    #[command(flatten)]
    pub whose: WhoseArgs,
    /// Folder of raw texts (inspect's --keep-raw-text) to erase them from too
    #[arg(long, value_name = "DIR")]
    pub raw_text: Option<PathBuf>,
    /// Folder of the transcript cache to erase them from too; without it callsift/transcripts in the user's folder for caches
    #[arg(long, value_name = "DIR")]
    pub transcript_cache: Option<PathBuf>,
    /// Say what would be erased, and erase nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift hold results                                            what is held
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
