//! Time that passes, and the store's clock.

#![expect(clippy::disallowed_methods, reason = "an edge: it is here that the clock is read")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment of this machine, by a clock that nobody sets and that goes on while the machine sleeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(#[cfg(target_os = "linux")] Duration, #[cfg(not(target_os = "linux"))] std::time::Instant);

impl Moment {
    #[cfg(target_os = "linux")]
    pub(super) fn now() -> Self {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        Self(Duration::new(now.tv_sec as u64, now.tv_nsec as u32))
    }

    #[cfg(target_os = "linux")]
    pub(super) fn elapsed(&self) -> Duration {
        Self::now().0.saturating_sub(self.0)
    }

    /// Elsewhere it is the standard library's, which may stand still while the machine sleeps.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn now() -> Self {
        Self(std::time::Instant::now())
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The store's clock, by which it says when objects were written: those of two machines need not agree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    store_ms: i64,
    read_at: Moment,
}

impl Clock {
    /// The clock of a store that has just written something, at `store_ms` by its clock.
    pub(super) fn now_is(store_ms: i64) -> Self {
        Self { store_ms, read_at: Moment::now() }
    }

    /// In place of the store's, where nothing is written.
    pub(super) fn of_this_machine() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::now_is(now.as_millis() as i64)
    }

    #[cfg(test)]
    pub(super) fn ahead_by(self, ahead: Duration) -> Self {
        Self { store_ms: self.store_ms + ahead.as_millis() as i64, ..self }
    }

    /// How long ago something was written, at `written_ms` by the store's clock.
    pub(super) fn age(&self, written_ms: i64) -> Duration {
        let now_ms = self.store_ms + self.read_at.elapsed().as_millis() as i64;
        Duration::from_millis(now_ms.saturating_sub(written_ms).max(0) as u64)
    }
}
