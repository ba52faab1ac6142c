//! The arguments of what cuts clips.

use super::dataset::DayArgs;
use super::values::{length_ms, pad_ms, severity, size_bytes};
use super::{DecodeArgs, RunOutput, heading};
use crate::batch::Days;
use crate::batch::clips::{Cutting, Selection};
use crate::finding::Severity;
use clap::Args as ClapArgs;
use jiff::civil::Date;
use std::path::PathBuf;

/// What is cut, out of what, and where to.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift clips results --recordings recordings --out clips --severity critical
  callsift clips results --recordings recordings --out clips --date 2026-11-20 --agent 8023 --pad 5s --mute-other

Clips are what people said, unmasked. Keep them as you keep the recordings.")]
pub(in crate::cli) struct Clips {
    /// The dataset; it is only read
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    /// Folder of the recordings: the one that inspect was given, or where its manifest is; may be repeated
    #[arg(long, required = true, value_name = "DIR", help_heading = heading::INPUT)]
    pub recordings: Vec<PathBuf>,
    /// Folder of the clips and of clips.csv, their index: a new or an empty one, or one with clips of the same command
    #[arg(long, value_name = "DIR", help_heading = heading::OUTPUT)]
    pub out: PathBuf,
    #[command(flatten)]
    days: DayArgs,
    /// One day, such as 2026-11-20
    #[arg(long, value_name = "DATE", conflicts_with_all = ["from", "to"], help_heading = heading::CALLS)]
    date: Option<Date>,
    /// Findings of this rule, by its id; may be repeated
    #[arg(long, value_name = "ID", help_heading = heading::CALLS)]
    rule: Vec<String>,
    /// Findings this grave or graver: note, minor, major, critical or fatal
    #[arg(long, default_value = "note", value_name = "SEVERITY", value_parser = severity, help_heading = heading::CALLS)]
    severity: Severity,
    /// Calls of this agent, by agent_id; may be repeated
    #[arg(long, value_name = "ID", help_heading = heading::CALLS)]
    agent: Vec<String>,
    /// Calls of this team; may be repeated
    #[arg(long, value_name = "TEAM", help_heading = heading::CALLS)]
    team: Vec<String>,
    /// A call, by its call_id; may be repeated
    #[arg(long, value_name = "ID", help_heading = heading::CALLS)]
    call: Vec<String>,
    /// Also findings of rules on trial
    #[arg(long, help_heading = heading::CALLS)]
    trial: bool,
    /// Also findings that a script or an excuse of the scorecard excuses
    #[arg(long, help_heading = heading::CALLS)]
    excused: bool,
    /// Sound before and after what was found: 0s, 3s, 1m
    #[arg(long, default_value = "2s", value_name = "TIME", value_parser = pad_ms, help_heading = heading::OUTPUT)]
    pub pad: i64,
    /// The longest clip; what is longer loses its end
    #[arg(long, default_value = "60s", value_name = "TIME", value_parser = length_ms, help_heading = heading::OUTPUT)]
    pub longest: i64,
    /// Silence the channel on which the finding is not
    #[arg(long, help_heading = heading::OUTPUT)]
    mute_other: bool,
    /// What all clips together may take, the gravest findings first
    #[arg(long, default_value = "2GB", value_name = "SIZE", value_parser = size_bytes, help_heading = heading::OUTPUT)]
    pub most: u64,
    /// Threads; 0 for one a core
    #[arg(long, default_value_t = 0, value_name = "N", help_heading = heading::RUN)]
    pub threads: usize,
    #[command(flatten)]
    pub decoding: DecodeArgs,
    #[command(flatten)]
    pub output: RunOutput,
}

impl Clips {
    /// Which findings are meant.
    pub(in crate::cli) fn selection(&self) -> Selection {
        let days = Days { from: self.date.or(self.days.from), to: self.date.or(self.days.to) };
        let sorted = |given: &[String]| {
            let mut given = given.to_vec();
            given.sort();
            given.dedup();
            given
        };
        Selection {
            days,
            rules: sorted(&self.rule),
            least: self.severity,
            agents: sorted(&self.agent),
            teams: sorted(&self.team),
            calls: sorted(&self.call),
            trial: self.trial,
            excused: self.excused,
        }
    }

    /// How clips are cut.
    pub(in crate::cli) const fn cutting(&self) -> Cutting {
        Cutting { pad_ms: self.pad, longest_ms: self.longest, mute_other: self.mute_other }
    }
}
