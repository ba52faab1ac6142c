//! Transcripts as engines write them, one file per format.
//!
//! Each reader fills a [`draft`], which knows nothing of formats: it orders, bounds and mends what engines leave out.

mod draft;
mod error;
mod fields;
mod format;
pub mod heard;
mod json;
mod languages;
mod letters;
pub mod ours;
mod recognise;
mod roles;

pub use error::ImportError;
pub use format::Format;
pub use recognise::{read, read_as};
