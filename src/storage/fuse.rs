//! A process that dies at a chosen change of a folder, for tests.

use std::io;
use std::sync::atomic::{AtomicI64, Ordering};

/// Counts changes down; once it is at none, every change fails, as if the process had ended.
#[derive(Debug)]
pub(crate) struct Fuse(AtomicI64);

impl Default for Fuse {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MAX))
    }
}

impl Fuse {
    /// Lets `changes` more changes happen.
    pub(crate) fn set(&self, changes: i64) {
        self.0.store(changes, Ordering::Relaxed);
    }

    /// Whether the next change is the first to fail.
    pub(crate) fn is_last(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    /// Takes note of a change.
    pub(crate) fn burn(&self) -> io::Result<()> {
        if self.0.fetch_sub(1, Ordering::Relaxed) > 0 { Ok(()) } else { Err(io::Error::other("killed")) }
    }
}
