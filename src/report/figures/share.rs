//! Shares with their intervals.

/// The standard normal distribution's 97.5th percentile, for intervals of 95 %.
const Z: f64 = 1.959_964;

/// Some of a number of calls (or findings).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Those that are meant.
    pub hits: u64,
    /// All.
    pub of: u64,
}

impl Share {
    /// The share in percent; `None` of nothing.
    #[must_use]
    pub fn percent(self) -> Option<f64> {
        (self.of > 0).then(|| 100.0 * self.hits as f64 / self.of as f64)
    }

    /// Lower and upper end of its 95 % interval in percent, after Wilson (1927); `None` of nothing.
    #[must_use]
    pub fn interval(self) -> Option<(f64, f64)> {
        let (hits, of) = (self.hits as f64, self.of as f64);
        let half = Z * (hits * (of - hits) / of + Z * Z / 4.0).sqrt();
        let middle = hits + Z * Z / 2.0;
        let end = |sum: f64| 100.0 * (sum / (of + Z * Z)).clamp(0.0, 1.0);
        (self.of > 0).then(|| (end(middle - half), end(middle + half)))
    }

    /// Adds one, which is meant or not.
    pub fn add(&mut self, is_meant: bool) {
        self.hits += u64::from(is_meant);
        self.of += 1;
    }

    /// Adds those of another share.
    pub fn merge(&mut self, other: Self) {
        self.hits += other.hits;
        self.of += other.of;
    }
}
