//! The parallel run: every call heard, read, judged and committed, in an order that does not depend on threads.

#[cfg(debug_assertions)]
mod failpoint;
pub mod hear;
mod intake;
mod observe;
mod recheck;
mod run;
mod tally;

pub use intake::Intake;
pub use observe::Settings;
pub use recheck::{Changes, Compared, Days, RecheckOptions, Rechecked, compare, recheck};
pub use run::{RunError, RunOptions, rehearse, run};
pub use tally::{Tally, Worst};
