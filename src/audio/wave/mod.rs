//! Our own readers: where in a file the samples lie, and how they are coded.
//!
//! [`find()`] goes by a file's content first and by the ending of its name second. [`riff`] reads WAVE
//! files of every kind, [`w64`] Sony's, [`au`] Sun's, [`aiff`] and [`caf`] Apple's, [`headerless`] those that
//! are samples and nothing else. Sizes in headers are claims, checked against the file's.

pub mod aiff;
pub mod au;
pub mod caf;
pub mod headerless;
pub mod riff;
pub mod w64;
pub mod write;

mod bytes;
mod find;
mod format;
mod kinds;
mod stored;

pub use find::{Hints, find};
pub use kinds::is_sound_extension;
pub use stored::{Coding, Found, Length, Stored};

#[cfg(test)]
mod tests;
