//! Leave for so many at a time: to work on calls, or to ask an engine.

use std::sync::{Condvar, Mutex, PoisonError};

/// Leave for so many threads at a time.
pub(crate) struct Permits {
    free: Mutex<usize>,
    freed: Condvar,
}

/// Leave, until it is dropped: also by a panic, since one that is lost would stop the run in the end.
pub(crate) struct Permit<'a>(&'a Permits);

impl Permits {
    pub(crate) fn new(count: usize) -> Self {
        Self { free: Mutex::new(count.max(1)), freed: Condvar::new() }
    }

    /// Waits for leave.
    pub(crate) fn get(&self) -> Permit<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        *self.freed.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner) -= 1;
        Permit(self)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}
