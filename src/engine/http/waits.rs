//! How long to wait before asking again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The wait after the `attempt`-th attempt, counted from 1: `first` doubled each time and at most `cap`, of which `draw`, 0 to
/// 1, takes off up to a half, so that clips that failed together do not come back together.
pub(super) fn backoff(attempt: u32, first: Duration, cap: Duration, draw: f64) -> Duration {
    let doubled = 2_u32.checked_pow(attempt.saturating_sub(1)).and_then(|times| first.checked_mul(times));
    doubled.unwrap_or(cap).min(cap).mul_f64(1.0 - draw.clamp(0.0, 1.0) / 2.0)
}

/// Numbers that differ between runs and between draws, which is all that jitter and boundaries need.
#[derive(Debug)]
pub(super) struct Draws {
    seed: [u8; 32],
    drawn: AtomicU64,
}

impl Draws {
    /// Draws of a run that is told from others by `seed`.
    pub(super) fn new(seed: &[u8]) -> Self {
        Self { seed: *blake3::hash(seed).as_bytes(), drawn: AtomicU64::new(0) }
    }

    /// The next draw: a number from 0 up to 1.
    pub(super) fn share(&self) -> f64 {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&self.next().as_bytes()[..4]);
        f64::from(u32::from_le_bytes(bytes)) / 4_294_967_296.0
    }

    /// The next draw: 32 hexadecimal digits.
    pub(super) fn name(&self) -> String {
        self.next().to_hex()[..32].to_owned()
    }

    fn next(&self) -> blake3::Hash {
        blake3::keyed_hash(&self.seed, &self.drawn.fetch_add(1, Ordering::Relaxed).to_le_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_lose_up_to_a_half() {
        let (first, cap) = (Duration::from_millis(500), Duration::from_secs(30));
        let cases = [
            (1, 0.0, 500),
            (1, 1.0, 250),
            (2, 0.0, 1_000),
            (4, 0.5, 3_000),
            (7, 0.0, 30_000),
            (7, 1.0, 15_000),
            (33, 0.0, 30_000),
            (u32::MAX, 0.0, 30_000),
            (0, 0.0, 500),
            (1, 7.0, 250),
        ];
        for (attempt, draw, ms) in cases {
            assert_eq!(backoff(attempt, first, cap, draw), Duration::from_millis(ms), "{attempt} {draw}");
        }
        assert_eq!(backoff(3, Duration::ZERO, cap, 0.3), Duration::ZERO);
    }

    #[test]
    fn draws_differ_and_stay_in_bounds() {
        let (draws, others) = (Draws::new(b"a"), Draws::new(b"b"));
        let shares: Vec<f64> = (0..1_000).map(|_| draws.share()).collect();
        assert!(shares.iter().all(|share| (0.0..1.0).contains(share)));
        let mean = shares.iter().sum::<f64>() / 1_000.0;
        // The mean of 1000 such numbers lies within 0.05 of a half but once in ten million times; the seed is fixed.
        assert!((mean - 0.5).abs() < 0.05, "{mean}");
        assert!(draws.name() != draws.name() && draws.name() != others.name());
    }
}
