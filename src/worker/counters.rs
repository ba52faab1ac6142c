//! How far a worker is, and saying so.

#![expect(clippy::disallowed_methods, reason = "an edge: says how long a worker has been at work")]

use serde_json::json;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How far a worker is.
#[derive(Debug, Default)]
pub struct Counters {
    /// Rows read.
    pub rows_in: AtomicU64,
    /// Rows written.
    pub rows_out: AtomicU64,
    /// How often the process that inspects was started again.
    pub restarts: AtomicU64,
    /// Rows whose recording crashed it twice.
    pub quarantined: AtomicU64,
}

impl Counters {
    pub(super) fn add(count: &AtomicU64, more: usize) {
        count.fetch_add(more as u64, Ordering::Relaxed);
    }

    /// Says it to `log` as a line of JSON every `every`, until whoever holds the other end of `stop` drops it.
    pub(super) fn beat(&self, every: Duration, stop: &Receiver<()>, mut log: impl Write) {
        let started = Instant::now();
        while stop.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
            let line = json!({
                "callsift_worker": "alive",
                "elapsed_s": (started.elapsed().as_secs_f64() * 10.0).round() / 10.0,
                "rows_in": self.rows_in.load(Ordering::Relaxed),
                "rows_out": self.rows_out.load(Ordering::Relaxed),
                "restarts": self.restarts.load(Ordering::Relaxed),
                "quarantined": self.quarantined.load(Ordering::Relaxed),
            });
            // Whoever does not read it does not want it.
            let _ = log.write_all(format!("{line}\n").as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn it_beats_until_it_is_over() {
        let (counters, mut log) = (Counters::default(), Vec::new());
        Counters::add(&counters.rows_in, 5);
        let (hold, stop) = channel();
        std::thread::scope(|scope| {
            let (counters, log) = (&counters, &mut log);
            scope.spawn(move || counters.beat(Duration::from_millis(20), &stop, log));
            std::thread::sleep(Duration::from_millis(150));
            drop(hold);
        });
        let lines = String::from_utf8(log).unwrap();
        let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(lines.len() >= 2, "{lines:?}");
        assert!(lines.iter().all(|line| line["rows_in"] == 5 && line["callsift_worker"] == "alive"), "{lines:?}");
    }
}
