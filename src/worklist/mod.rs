//! What a run works on: inputs and manifests to a list of [`Recording`](crate::recording::Recording)s.
//!
//! Every mistake in them is collected before any audio is touched.

#![expect(clippy::disallowed_methods, reason = "an edge: looks for files and reads manifests")]

mod discover;
mod identity;
mod manifest;
mod plan;

pub(crate) use manifest::agent_channel;
pub use plan::{Work, WorkOptions, plan};

/// A mistake in an input or a manifest, found before any audio is touched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}\n  help: {help}")]
pub struct WorkMistake {
    /// File, and line where there is one; personal digits masked.
    pub place: String,
    /// What is wrong, with the value.
    pub message: String,
    /// The way out.
    pub help: String,
}
