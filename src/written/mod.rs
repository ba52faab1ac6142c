//! Files that people write: TOML with spans, and messages that point into it.

pub mod codes;
pub mod fault;
pub mod nearest;
pub mod page;
pub mod quantity;
pub mod reference;
pub mod render;
pub mod schema;
pub mod table;
mod values;
mod words;

pub use fault::{Fault, Mistake};
pub use page::{Page, Placed};
pub use reference::{Reference, Referred};
pub use table::Table;
pub use values::unknown_value;
