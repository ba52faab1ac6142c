//! How many calls may be worked on at a time; those that wait for an engine do not count.

use std::sync::{Condvar, Mutex, PoisonError};

/// Leave to work for so many threads at a time.
pub(super) struct Permits {
    free: Mutex<usize>,
    freed: Condvar,
}

/// Leave to work, until it is dropped.
pub(super) struct Permit<'a>(&'a Permits);

impl Permits {
    pub(super) fn new(count: usize) -> Self {
        Self { free: Mutex::new(count.max(1)), freed: Condvar::new() }
    }

    /// Waits for leave.
    pub(super) fn get(&self) -> Permit<'_> {
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
