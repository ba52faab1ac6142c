//! Sums over calls that have something in common.

use super::model::Group;
use super::share::Share;

/// Rankings leave out whoever has fewer calls.
const LEAST_CALLS: u64 = 20;

/// A mean that is being taken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Mean {
    sum: f64,
    count: u64,
}

impl Mean {
    pub(super) fn add(&mut self, value: Option<f64>) {
        if let Some(value) = value {
            self.sum += value;
            self.count += 1;
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.sum += other.sum;
        self.count += other.count;
    }

    /// `None` of nothing.
    pub(super) fn value(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}

/// What was reported of a call, or of a call by one rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// Whether a violation was reported that nobody overturned.
    pub(super) is_reported: bool,
    /// Whether one of them is fatal.
    pub(super) is_red_line: bool,
    /// Whether one is confirmed.
    pub(super) is_confirmed: bool,
    /// Whether one is of a rule of which nobody knows how often it is right.
    pub(super) is_unproven: bool,
}

/// How many calls violations were reported on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rates {
    /// Calls that could be judged.
    pub(super) evaluable: u64,
    reported: u64,
    red_line: u64,
    confirmed: u64,
    /// Calls with findings of which nobody knows whether they are right, and none that is confirmed.
    pub(super) unproven: u64,
}

impl Rates {
    /// Those of one call that could be judged.
    pub(super) fn of(said: Said) -> Self {
        let mut rates = Self { evaluable: 1, ..Self::default() };
        rates.add_said(said);
        rates
    }

    /// Adds what was reported of a call that is counted as evaluable elsewhere.
    pub(super) fn add_said(&mut self, said: Said) {
        self.reported += u64::from(said.is_reported);
        self.red_line += u64::from(said.is_red_line);
        self.confirmed += u64::from(said.is_confirmed);
        self.unproven += u64::from(said.is_unproven && !said.is_confirmed);
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.evaluable += other.evaluable;
        self.reported += other.reported;
        self.red_line += other.red_line;
        self.confirmed += other.confirmed;
        self.unproven += other.unproven;
    }

    pub(super) fn reported(self) -> Share {
        Share { hits: self.reported, of: self.evaluable }
    }

    pub(super) fn red_line(self) -> Share {
        Share { hits: self.red_line, of: self.evaluable }
    }

    pub(super) fn confirmed(self) -> Share {
        Share { hits: self.confirmed, of: self.evaluable }
    }
}

/// What is added up of calls.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) eligible: u64,
    pub(super) rates: Rates,
    pub(super) score: Mean,
}

impl Sums {
    pub(super) fn merge(&mut self, other: Self) {
        self.eligible += other.eligible;
        self.rates.merge(other.rates);
        self.score.merge(other.score);
    }

    pub(super) fn group(self, name: impl Into<String>) -> Group {
        Group {
            name: name.into(),
            eligible: self.eligible,
            violation: self.rates.reported(),
            red_line: self.rates.red_line(),
            mean_score: self.score.value(),
        }
    }
}

/// Whether there are enough calls to rank.
pub(super) fn is_ranked(group: &Group) -> bool {
    group.violation.of >= LEAST_CALLS
}

/// Where a group stands in a ranking: ranked ones first, the worst lower end of the interval first. Ends are compared as they are
/// shown, to a tenth of a percent, so that no digit that nobody sees decides.
pub(super) fn rank(group: &Group) -> (bool, i64) {
    let low = group.violation.interval().map_or(0.0, |(low, _)| low);
    let is_ranked = is_ranked(group);
    (!is_ranked, if is_ranked { -(low * 10.0).round() as i64 } else { 0 })
}

/// The middle one of `values`, or the mean of the two in the middle; `None` under 3 of them.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    const LEAST: usize = 3;
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let is_odd = values.len() % 2 == 1;
    (values.len() >= LEAST)
        .then(|| if is_odd { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_needs_three() {
        let cases: [(&[f64], Option<f64>); 4] =
            [(&[], None), (&[1.0, 2.0], None), (&[9.0, 1.0, 2.0], Some(2.0)), (&[4.0, 1.0, 9.0, 2.0], Some(3.0))];
        for (values, expected) in cases {
            assert_eq!(median(values.to_vec()), expected, "{values:?}");
        }
    }

    #[test]
    fn rankings_go_by_the_lower_end_and_need_twenty() {
        let group = |hits, of| Group { violation: Share { hits, of }, ..Group::default() };
        // 9 of 40 is 22.5 % (12.3 to 37.5), 5 of 20 is 25.0 % (11.2 to 46.9).
        let mut groups = [group(19, 19), group(0, 20), group(5, 20), group(9, 40)];
        groups.sort_by_key(rank);
        assert_eq!(groups.map(|group| group.violation.of), [40, 20, 20, 19]);
        assert_eq!(rank(&group(9, 40)), (false, -123));
    }
}
