//! Rules as written: TOML to [`super::model::Rule`].

mod call_line;
mod dialogue;
mod earlier;
mod example;
mod kinds;
mod look_for;
mod place;
mod report;
mod rule;
mod schema;
#[cfg(test)]
mod tests;

pub use dialogue::{Dialogue, Dialogues, read_dialogues};
pub(super) use place::read_reach;
pub use rule::{read, read_referring};
pub use schema::schema;
#[cfg(test)]
pub(crate) use tests::EVERYTHING;
