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
    AgentFigures, CallCounts, Completeness, Contact, DebtorDay, Deduction, Figures, Group, Instrument, Known, Lack,
    Lines, Mark, Money, NightCall, NumberDay, Occasion, Own, Pending, Promises, Repeat, RuleFigures, Scope, Share,
    Standing, TeamRules, ThirdPerson, Week, WorstCall,
};
pub use language::{Language, Level};
pub use page::{CallOptions, PageOptions, call_page, policy, report_page, script, style};
