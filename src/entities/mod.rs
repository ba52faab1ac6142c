//! What is mentioned: identifiers, and their masking; numbers, money, dates, times and durations.

mod digits;
mod email;
mod find;
mod mask;
mod masked_id;
mod names;
mod runs;
mod shapes;
mod values;
mod windows;

#[cfg(test)]
mod tests;

pub use find::{Found, Kind, Part, Said, find};
pub use mask::{MASK, MASK_VERSION, mask, mask_text};
pub use masked_id::{masked_id, printable};
pub use values::{Mention, Sort, mentions};
