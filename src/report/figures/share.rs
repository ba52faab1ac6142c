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

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe (1998), Statistics in Medicine 17, table I, method 3 (score method without continuity correction), to four places.
    #[test]
    fn intervals_are_those_published() {
        let cases = [
            ((81, 263), (0.2553, 0.3662)),
            ((15, 148), (0.0624, 0.1605)),
            ((0, 20), (0.0000, 0.1611)),
            ((1, 29), (0.0061, 0.1718)),
        ];
        for ((hits, of), (low, high)) in cases {
            let (is_low, is_high) = Share { hits, of }.interval().expect("of something");
            let is = |value: f64, expected: f64| (value / 100.0 - expected).abs() <= 0.000_05;
            assert!(is(is_low, low) && is(is_high, high), "{hits} of {of}: {is_low} to {is_high}");
        }
    }

    #[test]
    fn an_interval_holds_its_share_and_none_of_nothing() {
        assert_eq!((Share::default().percent(), Share::default().interval()), (None, None));
        for of in 1..60 {
            for hits in 0..=of {
                let share = Share { hits, of };
                let percent = share.percent().expect("of something");
                let (low, high) = share.interval().expect("of something");
                let is_inside = low <= percent + 1e-9 && percent <= high + 1e-9;
                assert!(0.0 <= low && is_inside && high <= 100.0, "{share:?}: {low} to {high}");
                // What is meant and what is not mirror each other.
                let (other_low, other_high) = Share { hits: of - hits, of }.interval().expect("of something");
                assert!((low + other_high - 100.0).abs() < 1e-9 && (high + other_low - 100.0).abs() < 1e-9);
            }
        }
    }
}
