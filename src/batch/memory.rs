//! How many threads may work where memory is short.

/// What a run holds before any call is begun: the shipped rules, ready, are most of it. Measured, with some room (docs/performance.md).
const START_BYTES: u64 = 125 << 20;

/// What a thread that inspects holds, however long its call is.
pub(super) const INSPECTING_BYTES: u64 = 16 << 20;

/// What a thread holds that judges a batch again, whatever its size.
const REJUDGING_BYTES: u64 = 48 << 20;

/// And so many times what the batch's files take.
const REJUDGING_TIMES: u64 = 5;

/// What a thread holds that judges a batch of `files_bytes` again.
pub(super) const fn rejudging_bytes(files_bytes: u64) -> u64 {
    REJUDGING_BYTES.saturating_add(files_bytes.saturating_mul(REJUDGING_TIMES))
}

/// As many of `threads` as stay within `memory_bytes` where each holds `each_bytes`; one in any case. Without a bound, all.
pub(super) fn fitting(threads: usize, memory_bytes: Option<u64>, each_bytes: u64) -> usize {
    let Some(memory_bytes) = memory_bytes else { return threads };
    let room = memory_bytes.saturating_sub(START_BYTES) / each_bytes.max(1);
    if room == 0 {
        let least = START_BYTES.saturating_add(each_bytes).div_ceil(1_000_000);
        tracing::warn!("one thread alone takes up to {least} MB: callsift goes on with one");
    }
    threads.min(usize::try_from(room).unwrap_or(usize::MAX)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_as_many_as_fit() {
        const MIB: u64 = 1 << 20;
        let table = [
            ("no bound", 8, None, 16 * MIB, 8),
            ("room for all", 8, Some(300 * MIB), 16 * MIB, 8),
            ("room for three", 8, Some(175 * MIB), 16 * MIB, 3),
            ("room for none", 8, Some(100 * MIB), 16 * MIB, 1),
            ("not even for the start", 8, Some(1), 16 * MIB, 1),
            ("great batches", 8, Some(1_000 * MIB), rejudging_bytes(50 * MIB), 2),
            ("a batch of no size", 2, Some(u64::MAX), rejudging_bytes(0), 2),
            ("a batch of any size", 2, Some(u64::MAX), rejudging_bytes(u64::MAX), 1),
        ];
        for (name, threads, memory_bytes, each_bytes, expected) in table {
            assert_eq!(fitting(threads, memory_bytes, each_bytes), expected, "{name}");
        }
    }
}
