//! Pictures of a dataset, from typed rows: the figures that people ask for, and the pages that show them.

mod call;
mod chart;
mod figures;
mod language;
mod names;
mod page;
#[cfg(test)]
mod testing;
mod text;

pub use call::ShownCall;
pub use figures::{
    AgentFigures, Attempt, Attempts, Brought, CallCounts, Callee, Completeness, Contact, Day, DebtorDay, Decision,
    Deduction, Figures, Gathering, Group, Instrument, Known, Lack, Lines, Mark, Money, NightCall, NumberDay, Occasion,
    Outcome, Own, Pending, Promises, ReconciledHour, ReconciledRun, Repeat, Review, Reviewed, RuleFigures, RuleSets,
    Scope, SeenCall, Selection, Share, Spoken, Standing, Tally, TeamRules, ThirdPerson, Week, WorstCall, needs_turns,
};
pub use language::{Language, Level};
pub use page::{CallOptions, PageOptions, call_page, policy, report_page, script, style};
