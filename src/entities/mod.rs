//! What is mentioned: identifiers, and their masking.

mod digits;
mod email;
mod find;
mod mask;
mod masked_id;
mod names;
mod runs;
mod shapes;
mod windows;

#[cfg(test)]
mod tests;

pub use find::{Found, Kind, Part, Said, find};
pub use mask::{MASK, MASK_VERSION, mask, mask_text};
pub use masked_id::{masked_id, printable};
