//! The arguments of what explains, compares and documents rules.

use super::PackArgs;
use super::values::{DocLanguage, SchemaOf, in_force};
use crate::rules::InForce;
use clap::Args as ClapArgs;
use std::path::PathBuf;

/// Exit codes: 0 explained, 2 there is no such call or rule, or a pack is wrong, 74 input failed.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  callsift rules explain results mono-01 cn-collections.threat-of-violence")]
pub(in crate::cli) struct RulesExplain {
    /// The dataset that has the call
    #[arg(value_name = "RESULTS")]
    pub dataset: PathBuf,
    /// The call's call_id
    #[arg(value_name = "CALL")]
    pub call: String,
    /// The rule's id
    #[arg(value_name = "RULE")]
    pub rule: String,
    #[command(flatten)]
    pub packs: PackArgs,
    /// When the rule must be in force: `own-day` (the call's), `ignore` (it need not) or a day such as 2026-11-20
    #[arg(long, default_value = "own-day", value_name = "WHEN", value_parser = in_force)]
    pub in_force: InForce,
}

/// Exit codes: 0 compared, 2 one of them is wrong.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift rules diff shipped my-rules            what my folder adds and changes
  callsift rules diff my-rules-october my-rules   what changed in it")]
pub(in crate::cli) struct RulesDiff {
    /// A folder of rules, or `shipped`
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// A folder of rules, or `shipped`
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Compare the folders alone, without the shipped rules that they add to
    #[arg(long)]
    pub no_shipped_rules: bool,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct RulesDocs {
    #[command(flatten)]
    pub packs: PackArgs,
    /// File to write; standard output without it
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Language of all headings; without it, that of each pack
    #[arg(long, value_name = "LANGUAGE")]
    pub language: Option<DocLanguage>,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct RulesSchema {
    /// Which file it is for
    #[arg(default_value = "rule", value_name = "FILE")]
    pub of: SchemaOf,
}
