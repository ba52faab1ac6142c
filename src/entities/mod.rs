//! What is mentioned: identifiers, and their masking; numbers, money, dates, times and durations.

mod addresses;
mod customer_key;
mod digits;
mod email;
mod find;
mod mask;
mod masked_id;
mod names;
mod plates;
mod promises;
mod runs;
mod shapes;
mod values;
mod windows;

#[cfg(test)]
mod promise_cases;
#[cfg(test)]
mod tests;

pub use customer_key::CustomerKey;
pub use find::{Found, Kind, Part, Said, find, find_written};
pub use mask::{MASK, MASK_VERSION, mask, mask_text};
pub use masked_id::{masked_id, printable};
pub use promises::{Line, Promise, promises};
pub use values::{Mention, Sort, mentions};
