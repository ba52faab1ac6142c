//! Signals that ask a run to end.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Becomes true once the process is asked to end (SIGTERM, SIGINT); a second request ends it at once, which loses no
/// committed call either.
pub(super) fn stop_flag() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT] {
        // In this order: the first signal finds the flag false, and the second true. Where a handler cannot be set,
        // signals end the process as they always do.
        let _ = signal_hook::flag::register_conditional_default(signal, Arc::clone(&flag));
        let _ = signal_hook::flag::register(signal, Arc::clone(&flag));
    }
    flag
}
