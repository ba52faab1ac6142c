//! The arguments of what reads, tries and documents rules.

use super::heading;
use super::values::{SchemaOf, in_force};
use crate::cli::language::Language;
use crate::rules::InForce;
use clap::{Args as ClapArgs, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;

/// Which rules to load.
#[derive(Clone, Debug, ClapArgs)]
#[command(next_help_heading = heading::RULES)]
pub(in crate::cli) struct PackArgs {
    /// Folder with a pack of rules of your own, or with overrides.toml; may be repeated, later ones win
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
    /// Leave the shipped rules out
    #[arg(long)]
    pub no_shipped_rules: bool,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Rules {
    #[command(subcommand)]
    pub command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RulesCommand {
    /// Read every rule and list, and run every example
    ///
    /// Exit codes: 0 every example holds, 1 one does not (or, with --strict, there are warnings), 2 a rule is wrong.
    Check(RulesCheck),
    /// List the rules and scorecards
    List(RulesList),
    /// Show one rule as it is written, and what overrides change in it
    Show(RulesShow),
    /// Say step by step why a rule did or did not report something of a call
    ///
    /// Exit codes: 0 explained, 2 there is no such call or rule, or a pack is wrong, 74 input failed.
    Explain(RulesExplain),
    /// Say what two sets of rules have that differs
    ///
    /// Exit codes: 0 compared, 2 one of them is wrong.
    Diff(RulesDiff),
    /// Write the handbook of the rules, in Markdown
    Docs(RulesDocs),
    /// Print the JSON Schema of a file, for editors
    Schema(RulesSchema),
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  callsift rules check --rules my-rules
  callsift rules check --rules my-rules --rule my-rules.threat-of-jail --mutate")]
pub(in crate::cli) struct RulesCheck {
    #[command(flatten)]
    pub packs: PackArgs,
    /// Look at one rule alone, such as cn-collections.threat-of-visit
    #[arg(long, value_name = "ID", help_heading = heading::RULES)]
    pub rule: Option<String>,
    /// Exit with 1 where there are warnings
    #[arg(long)]
    pub strict: bool,
    /// Break each rule in every small way, and list what no example of it notices
    #[arg(long)]
    pub mutate: bool,
    /// The day by which approvals and rules have run out; today without it
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<Date>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  callsift rules list --rules my-rules")]
pub(in crate::cli) struct RulesList {
    #[command(flatten)]
    pub packs: PackArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  callsift rules show cn-collections.threat-of-visit")]
pub(in crate::cli) struct RulesShow {
    /// The rule's id, such as cn-collections.threat-of-visit
    pub id: String,
    #[command(flatten)]
    pub packs: PackArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  callsift rules explain results mono-01 cn-collections.threat-of-violence")]
pub(in crate::cli) struct RulesExplain {
    /// The dataset that has the call
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    /// The call's call_id
    #[arg(value_name = "CALL")]
    pub call: String,
    /// The rule's id
    #[arg(value_name = "RULE")]
    pub rule: String,
    #[command(flatten)]
    pub packs: PackArgs,
    /// When the rule must be in force: own-day, ignore or a day such as 2026-11-20
    ///
    /// own-day: on the call's day; ignore: it need not be.
    #[arg(long, default_value = "own-day", value_name = "WHEN", value_parser = in_force, help_heading = heading::RULES)]
    pub in_force: InForce,
}

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
#[command(after_help = "Example:
  callsift rules docs --rules my-rules --out handbook.md")]
pub(in crate::cli) struct RulesDocs {
    #[command(flatten)]
    pub packs: PackArgs,
    /// File to write; standard output without it
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Language of all headings; without it, that of each pack
    #[arg(long, value_name = "LANGUAGE")]
    pub language: Option<Language>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  callsift rules schema scorecard > scorecard.schema.json")]
pub(in crate::cli) struct RulesSchema {
    /// Which file it is for
    #[arg(default_value = "rule", value_name = "FILE")]
    pub of: SchemaOf,
}
