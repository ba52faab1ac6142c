//! Pictures of a dataset, from typed rows: the figures that people ask for, and the pages that show them.

mod figures;
mod pages_stub;

pub use figures::{
    AgentFigures, CallCounts, Completeness, Contact, DebtorDay, Deduction, Figures, Group, Instrument, Known, Lack, Lines, Mark,
    Money, NightCall, NumberDay, Occasion, Own, Pending, Promises, Repeat, RuleFigures, Scope, Share, Standing, TeamRules,
    ThirdPerson, Week, WorstCall,
};
pub use pages_stub::{CallOptions, Language, ShownCall, call_page, policy, script, severity_name, style, verdict_name};
