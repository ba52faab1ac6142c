//! EDGE: rules, lists, scorecards and sets, the shipped ones and a user's own, read and joined.

#![expect(clippy::disallowed_methods, reason = "an edge: reads a user's folders")]

mod apply;
pub mod diff;
mod effect;
mod folder;
pub mod handbook;
mod hash;
mod joined;
pub mod lint;
mod load;
mod model;
mod names;
mod overrides;
mod pack_file;
mod plan;
mod schema;
mod sets;
mod shipped;
#[cfg(test)]
mod tests;
mod whitelist;

pub use load::load;
pub use model::{Change, ListFile, LoadedRule, LoadedScript, Pack, PackOptions, Packs, Replaced, Set};
pub use overrides::read as read_overrides;
pub use pack_file::read as read_pack;
pub use plan::PlanError;
pub use schema::{Written, schema};
pub use sets::read as read_sets;
pub use whitelist::{Whitelist, read as read_whitelist};
