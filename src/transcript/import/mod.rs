//! Transcripts as engines write them, one file per format.

mod error;
pub mod ours;
mod recognise;

pub use error::ImportError;
pub use recognise::read;
