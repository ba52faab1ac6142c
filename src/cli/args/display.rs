//! How a command says what it says.

use super::heading;
use super::values::{Colours, LogFormat, Progress};
use crate::cli::language::Language;
use clap::Args as ClapArgs;

/// The flags of every command.
#[derive(Clone, Copy, Debug, ClapArgs)]
#[command(next_help_heading = heading::DISPLAY)]
pub(in crate::cli) struct DisplayArgs {
    /// When to print in colours
    ///
    /// `auto`: on a terminal, unless NO_COLOR is set.
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN", hide_possible_values = true)]
    pub color: Colours,
    /// Language of summaries: zh or en; without it, the locale's
    ///
    /// Chinese where LC_ALL, LC_MESSAGES or LANG, the first of them that is set, begins with zh, else English. Messages of rules are in the
    /// rules' own language, errors in English.
    #[arg(long, global = true, value_name = "LANGUAGE", hide_possible_values = true)]
    pub display_language: Option<Language>,
}

/// What is said of a run while it goes on.
#[derive(Clone, Copy, Debug, ClapArgs)]
#[command(next_help_heading = heading::OUTPUT)]
pub(in crate::cli) struct RunOutput {
    /// Print errors alone: no summary, no bar, no warnings
    #[arg(short, long)]
    pub quiet: bool,
    /// Progress bar: auto (on a terminal) or never
    #[arg(long, default_value = "auto", value_name = "WHEN", hide_possible_values = true, hide_short_help = true)]
    pub progress: Progress,
    /// How messages are written to standard error: text or json
    #[arg(long, default_value = "text", value_name = "FORMAT", hide_possible_values = true, hide_short_help = true)]
    pub log_format: LogFormat,
}
