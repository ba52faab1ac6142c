//! Rules: as written, compiled, evaluated on facts.

pub mod speakers;
pub mod pattern;
pub mod model;
pub mod expression;
pub mod file;
pub mod compile;
pub mod evaluate;
pub mod again;
mod alike;
pub mod explain;
pub mod spelled;
mod answer;
mod applies;
mod asked;
mod heard;
mod kinds;
mod kleene;
mod needs;
mod negation;
mod passage;
mod pattern_book;
mod place;
mod report;
mod required_texts;
mod scanned;
mod telling;
mod tongues;
mod when;
pub mod whitelist;
#[cfg(test)]
mod negation_cases;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod variant_cases;

pub use again::Earlier;
pub use compile::{CompileError, Ruleset, compile, compile_with};
pub use evaluate::InForce;
pub use whitelist::Script;
