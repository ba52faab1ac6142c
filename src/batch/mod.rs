//! The parallel run: every call heard, read, judged and committed, in an order that does not depend on threads.

pub mod hear;
mod observe;
mod run;
mod tally;

pub use observe::Settings;
pub use run::{RunError, RunOptions, run};
pub use tally::{Tally, Worst};
