//! What a run works on: inputs and manifests to a list of [`Recording`](crate::recording::Recording)s.
//!
//! Every mistake in them is collected before any audio is touched. The list is read twice: [`WorkList::read`] checks
//! everything and keeps hashes, [`WorkList::for_each`] hands out the calls with all that is said of them. A million lines fit
//! into 150 MB so.

#![expect(clippy::disallowed_methods, reason = "an edge: looks for files and reads manifests")]

mod attempts;
mod brought;
mod calls;
mod cells;
mod columns;
mod discover;
mod duplicates;
mod folders;
mod identity;
mod items;
mod legs;
mod list;
mod manifest;
mod mistake;
mod pairing;
mod reading;
mod reconcile;
mod rows;
mod shard;
mod stamp;
mod streamed;
mod transcripts;
mod walk;

#[cfg(test)]
mod tests;

pub(crate) use attempts::{says_answered, says_invalid};
pub(crate) use brought::{BroughtLine, Needed, read_table};
pub(crate) use cells::{Cells, agent_channel};
pub use columns::OWN as MANIFEST_COLUMNS;
pub use identity::id_hash;
pub(crate) use identity::shown_text;
pub use items::{WorkCounts, WorkItem};
pub use list::{EarlierCall, WorkList, WorkOptions};
pub use mistake::WorkMistake;
pub use reconcile::{CallState, Reconciled};
pub use shard::Shard;
pub use streamed::{EARLIER_CALLS, StreamedCalls};
