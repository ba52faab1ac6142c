//! `callsift rules`: one file a subcommand.

mod check;
mod diff;
mod docs;
mod explain;
mod list;
mod mutate;
mod schema;
mod show;

use super::args::{Rules, RulesCommand};

/// Runs the command; returns the exit code.
pub(super) fn run(args: &Rules) -> u8 {
    match &args.command {
        RulesCommand::Check(args) => check::run(args),
        RulesCommand::List(args) => list::run(args),
        RulesCommand::Show(args) => show::run(args),
        RulesCommand::Explain(args) => explain::run(args),
        RulesCommand::Diff(args) => diff::run(args),
        RulesCommand::Docs(args) => docs::run(args),
        RulesCommand::Schema(args) => schema::run(args),
    }
}
