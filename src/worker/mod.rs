//! Calls from a stream and what is written of them into another, for engines that already distribute work.
//!
//! A worker is two processes: one that keeps its word to whoever started it, and one that inspects and may die of a recording.

mod child;
mod again;
mod counters;
mod describe;
mod mark;
mod stream;
mod supervise;
mod trouble;

pub use again::judge_again;
pub use child::{Inspection, inspect};
pub use counters::Counters;
pub use describe::{PROTOCOL, describe};
pub use supervise::{Supervision, supervise};
pub use trouble::Trouble;
