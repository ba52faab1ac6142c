//! A call that brings the process down, for tests: in builds with debug assertions alone.

#![expect(clippy::disallowed_methods, reason = "a test names the call through the environment")]

/// Ends the process as a crash would, where `CALLSIFT_CRASH_AT` names the call.
pub(super) fn crash_at(call_id: &str) {
    if std::env::var("CALLSIFT_CRASH_AT").is_ok_and(|deadly| deadly == call_id) {
        std::process::abort();
    }
}
