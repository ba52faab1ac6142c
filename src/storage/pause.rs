//! Pauses between changes of files, for tests that kill a run: in builds with debug assertions alone.

#![expect(clippy::disallowed_methods, reason = "a test asks for pauses through the environment")]

use super::error::Doing;
use std::sync::OnceLock;
use std::time::Duration;

/// Waits as `CALLSIFT_PAUSE` asks, such as `rename=5,remove=20`: milliseconds after each rename and each removal.
pub(super) fn after(doing: Doing) {
    static PAUSES: OnceLock<(u64, u64)> = OnceLock::new();
    let (rename_ms, remove_ms) = *PAUSES.get_or_init(|| {
        let asked = std::env::var("CALLSIFT_PAUSE").unwrap_or_default();
        let of =
            |name: &str| asked.split(',').find_map(|pause| pause.strip_prefix(name)?.strip_prefix('=')?.parse().ok());
        (of("rename").unwrap_or(0), of("remove").unwrap_or(0))
    });
    let pause_ms = match doing {
        Doing::Rename => rename_ms,
        Doing::Remove => remove_ms,
        _ => 0,
    };
    if pause_ms > 0 {
        std::thread::sleep(Duration::from_millis(pause_ms));
    }
}
