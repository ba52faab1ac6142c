//! Sums by day, and the weeks that they make.

use super::model::Week;
use super::rule_sets::{Brief, RuleSets};
use super::share::Share;
use super::sums::Rates;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// So many weeks are a trend.
const WEEKS: usize = 13;

/// What is added up of each day; `None`: calls without a date.
#[derive(Clone, Debug, Default)]
pub(super) struct Days(BTreeMap<Option<Date>, DaySums>);

#[derive(Clone, Debug, Default)]
pub(super) struct DaySums {
    pub(super) rates: Rates,
    /// Calls with a red line that nobody has decided on.
    pub(super) pending: u64,
    /// The rule sets that judged, by their places.
    pub(super) sets: BTreeSet<usize>,
}

impl Days {
    pub(super) fn of(&mut self, date: Option<Date>) -> &mut DaySums {
        self.0.entry(date).or_default()
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (date, more) in other.0 {
            let day = self.of(date);
            day.rates.merge(more.rates);
            day.pending += more.pending;
            day.sets.extend(more.sets);
        }
    }

    /// First and last day.
    pub(super) fn ends(&self) -> Option<(Date, Date)> {
        let mut days = self.0.keys().copied().flatten();
        let first = days.next()?;
        Some((first, days.next_back().unwrap_or(first)))
    }

    /// The place of each rule set that judged, with the last day on which it did.
    pub(super) fn last_days_of_sets(&self) -> BTreeMap<usize, Option<Date>> {
        let used = self.0.iter().flat_map(|(date, day)| day.sets.iter().map(|set| (*set, *date)));
        used.collect()
    }

    /// Calls that wait for a decision; and of those the ones of the days before the last, which have waited for more than 24 hours when it
    /// ends.
    pub(super) fn pending(&self) -> (u64, Option<u64>) {
        let last = self.ends().map(|(_, last)| last);
        let sum = |is_meant: &dyn Fn(Option<Date>) -> bool| {
            self.0.iter().filter(|(date, _)| is_meant(**date)).map(|(_, day)| day.pending).sum()
        };
        (sum(&|_| true), last.map(|last| sum(&|date| date.is_some_and(|date| date < last))))
    }

    /// The weeks up to the last day.
    pub(super) fn weeks(&self, rules: &RuleSets) -> Option<Weeks> {
        let (_, last) = self.ends()?;
        let mut weeks: BTreeMap<Date, DaySums> = BTreeMap::new();
        for (date, day) in &self.0 {
            let Some(date) = date else { continue };
            let week = weeks.entry(Weeks::monday_of(*date)).or_default();
            week.rates.merge(day.rates);
            week.sets.extend(&day.sets);
        }
        let mut changed = changed_rules(&weeks, rules);
        let mondays = Weeks::up_to(Weeks::monday_of(last));
        let week = |monday: Date| {
            let rates = weeks.get(&monday).map(|week| week.rates).unwrap_or_default();
            let changed_rules = changed.remove(&monday).unwrap_or_default();
            Week { monday, red_line: rates.red_line(), violation: rates.reported(), changed_rules }
        };
        Some(Weeks(mondays.into_iter().map(week).collect()))
    }
}

/// The last weeks.
#[derive(Clone, Debug)]
pub(super) struct Weeks(pub(super) Vec<Week>);

impl Weeks {
    /// The Monday of the week of a day.
    pub(super) fn monday_of(date: Date) -> Date {
        date.saturating_sub(i32::from(date.weekday().to_monday_zero_offset()).days())
    }

    fn up_to(monday: Date) -> Vec<Date> {
        (0..WEEKS as i32).rev().map(|back| monday.saturating_sub(back.weeks())).collect()
    }

    pub(super) fn mondays(&self) -> Vec<Date> {
        self.0.iter().map(|week| week.monday).collect()
    }
}

/// By week, the violation rules that say something else than in all weeks before, or are new; of the first week, none.
fn changed_rules(weeks: &BTreeMap<Date, DaySums>, rules: &RuleSets) -> BTreeMap<Date, Vec<String>> {
    let mut before: BTreeMap<&str, Vec<&Brief>> = BTreeMap::new();
    let mut changed = BTreeMap::new();
    for (monday, week) in weeks.iter().filter(|(_, week)| !week.sets.is_empty()) {
        let sets = || week.sets.iter().map(|place| rules.set(*place));
        let of_week: Vec<(&str, &Brief)> = sets().flat_map(|set| set.violation_briefs()).collect();
        let is_new = |(rule, brief): &&(&str, &Brief)| {
            before.get(rule).is_none_or(|known| !known.iter().any(|other| other.has_effect_of(brief)))
        };
        let new: BTreeSet<&str> = match before.is_empty() {
            true => BTreeSet::new(),
            false => of_week.iter().filter(is_new).map(|(rule, _)| *rule).collect(),
        };
        changed.insert(*monday, new.into_iter().map(str::to_owned).collect());
        of_week.into_iter().for_each(|(rule, brief)| before.entry(rule).or_default().push(brief));
    }
    changed
}

/// The days of a scope cut in the middle: the last day of the first half. `None` under 2 days.
pub(super) fn halves((first, last): (Date, Date)) -> Option<[(Date, Date); 2]> {
    let days = (last - first).get_days();
    let end = first.saturating_add(((days - 1) / 2).days());
    (days > 0).then(|| [(first, end), (end.saturating_add(1.days()), last)])
}

/// Reported shares of the halves.
pub(super) fn of_halves(
    halves: Option<[(Date, Date); 2]>,
    share: impl Fn(Date, Date) -> Share,
) -> Option<(Share, Share)> {
    let [first, second] = halves?;
    Some((share(first.0, first.1), share(second.0, second.1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        let date = |day: &str| day.parse::<Date>().expect("a date");
        let cases = [("2026-11-30", "2026-11-30"), ("2026-12-06", "2026-11-30"), ("2026-12-07", "2026-12-07")];
        for (day, monday) in cases {
            assert_eq!(Weeks::monday_of(date(day)), date(monday), "{day}");
        }
        let weeks = Weeks::up_to(date("2026-11-30"));
        assert_eq!((weeks.len(), weeks[0], weeks[12]), (13, date("2026-09-07"), date("2026-11-30")));
    }

    #[test]
    fn halves_of_odd_days_are_as_even_as_can_be() {
        let day = |day: i8| Date::constant(2026, 11, day);
        let cases = [
            ((1, 1), None),
            ((1, 2), Some([(1, 1), (2, 2)])),
            ((1, 3), Some([(1, 1), (2, 3)])),
            ((1, 4), Some([(1, 2), (3, 4)])),
        ];
        for ((first, last), expected) in cases {
            let expected = expected.map(|halves: [(i8, i8); 2]| halves.map(|(from, to)| (day(from), day(to))));
            assert_eq!(halves((day(first), day(last))), expected, "{first} to {last}");
        }
    }
}
