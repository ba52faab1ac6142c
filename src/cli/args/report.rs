//! The arguments of `callsift report`.

use super::heading;
use crate::report::{Language, Level};
use clap::Args as ClapArgs;
use jiff::civil::Date;
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift report results --out report.html
  callsift report results --out yesterday.html --date 2026-11-20 --level team --team team-a
  callsift report results --out me.html --level agent --agent agent-03 --language zh
  callsift report results --out board.html --level executive --reviews reviews.csv --outcomes outcomes.csv --cost 12000")]
pub(in crate::cli) struct Report {
    /// The dataset; it is only read
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    /// The page to write: one file that needs nothing else
    #[arg(long, value_name = "FILE", help_heading = heading::OUTPUT)]
    pub out: PathBuf,
    /// Whom it is for: executive, manager, team or agent
    #[arg(long, default_value = "manager", value_name = "LEVEL", help_heading = heading::OUTPUT)]
    pub level: Level,
    /// Language of the page: zh or en, without it that of summaries; what rules say stays in theirs
    #[arg(long, value_name = "LANGUAGE", help_heading = heading::OUTPUT)]
    pub language: Option<Language>,
    /// Calls of this day alone
    #[arg(long, value_name = "DATE", conflicts_with_all = ["from", "to"], help_heading = heading::CALLS)]
    pub date: Option<Date>,
    /// First day; calls without a date are left out
    #[arg(long, value_name = "DATE", help_heading = heading::CALLS)]
    pub from: Option<Date>,
    /// Last day
    #[arg(long, value_name = "DATE", help_heading = heading::CALLS)]
    pub to: Option<Date>,
    /// Calls of this team alone
    #[arg(long, value_name = "TEAM", help_heading = heading::CALLS)]
    pub team: Option<String>,
    /// Calls of this agent alone
    #[arg(long, value_name = "AGENT", help_heading = heading::CALLS)]
    pub agent: Option<String>,
    /// How many calls to show in full, the worst first
    #[arg(long, default_value_t = 30, value_name = "N", help_heading = heading::OUTPUT)]
    pub calls: usize,
    /// What reviewers decided: CSV, JSON lines or Parquet (docs/bi.md has the columns)
    #[arg(long, value_name = "FILE", help_heading = heading::INPUT)]
    pub reviews: Option<PathBuf>,
    /// What calls led to: promised, paid, complaint
    #[arg(long, value_name = "FILE", help_heading = heading::INPUT)]
    pub outcomes: Option<PathBuf>,
    /// Every attempt to reach somebody, as the dialler logs it
    #[arg(long, value_name = "FILE", help_heading = heading::INPUT)]
    pub attempts: Option<PathBuf>,
    /// The key with which the dataset's ids of customers were written, to find those of the files
    #[arg(long, value_name = "FILE", help_heading = heading::INPUT)]
    pub customer_key: Option<PathBuf>,
    /// The last day of which the outcomes know; the last day of the calls without it
    #[arg(long, value_name = "DATE", help_heading = heading::INPUT)]
    pub known_until: Option<Date>,
    /// What the inspection of these calls cost, in your currency
    #[arg(long, value_name = "AMOUNT", help_heading = heading::INPUT)]
    pub cost: Option<f64>,
}
