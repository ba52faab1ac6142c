//! The figures of a report, worked out from the rows of a dataset and from the files that people bring. Definitions are those of
//! `docs/bi.md`, whose SQL gives the same numbers.

mod agents;
mod brought;
mod by_rule;
mod complete;
mod contact;
mod days;
mod dialled;
mod finish;
mod gathering;
mod instruments;
mod lists;
mod model;
mod of_rules;
mod outcomes;
mod own;
mod repeats;
mod reviewed;
mod rule_sets;
mod seen;
mod share;
mod sums;
mod tally;
#[cfg(test)]
mod tests;
mod weighed;
mod worst;

pub use brought::{Attempt, Attempts, Brought, Callee, Decision, Outcome, Review, Selection};
pub use complete::{ReconciledHour, ReconciledRun};
pub use gathering::{Day, Gathering};
pub use model::{
    AgentFigures, CallCounts, Completeness, Contact, DebtorDay, Deduction, Figures, Group, Instrument, Known, Lack,
    Lines, Mark, Money, NightCall, NumberDay, Occasion, Own, Pending, Promises, Repeat, RuleFigures, Scope, Standing,
    TeamRules, ThirdPerson, Week, WorstCall,
};
pub use reviewed::Reviewed;
pub use rule_sets::RuleSets;
pub use seen::{SeenCall, Spoken, needs_turns};
pub use share::Share;
pub use tally::Tally;
