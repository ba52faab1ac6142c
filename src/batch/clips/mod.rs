//! Clips: what was found, cut out of the recordings, a WAV file each, with an index.

mod channel;
mod choice;
mod cut;
mod folder;
mod index;
mod name;
mod run;
mod select;
mod spool;

pub use choice::Cutting;
pub use folder::{BadFolder, ClipFolder};
pub use index::INDEX;
pub use run::{Clipped, ClipsError, ClipsOptions, clips};
pub use select::Selection;
