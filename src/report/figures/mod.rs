//! The figures of a report, worked out from the rows of a dataset and from the files that people bring. Definitions are those of
//! `docs/bi.md`, whose SQL gives the same numbers.

mod model;
mod share;

pub use model::{
    AgentFigures, CallCounts, Completeness, Contact, DebtorDay, Deduction, Figures, Group, Instrument, Known, Lack,
    Lines, Mark, Money, NightCall, NumberDay, Occasion, Own, Pending, Promises, Repeat, RuleFigures, Scope, Standing,
    TeamRules, ThirdPerson, Week, WorstCall,
};
pub use share::Share;
