//! Folders in buckets of S3 and of stores that speak its protocol.
//!
//! A bucket has names and whole objects: nothing is renamed, appended to or locked. A rename is a copy and a removal; what grows is written
//! in parts or anew; a lock is an object that its holder writes anew every few seconds, and that counts for nothing a while after
//! the last time. Everything that must happen once rests on conditions that the store keeps (`If-None-Match`, `If-Match`), which
//! are tried before a dataset is written to.

mod bucket;
mod clock;
mod connect;
mod credentials;
mod lease;
mod object;
mod probe;
mod reach;
#[cfg(test)]
mod tests;
mod whole;

pub(super) use bucket::{Bucket, split};
pub(super) use lease::Held;
pub(super) use object::Object;
pub(super) use whole::Whole;
