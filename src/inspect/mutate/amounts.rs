//! Amounts: a little less, a little more; and how they are written.

use super::{Changed, instead};
use crate::rules::model::{Place, Reach};

/// How much less and how much more a threshold becomes. That is enough to matter, and little enough to be missed by
/// examples that are far from it.
pub(super) const FACTORS: [f64; 2] = [0.8, 1.2];
/// Scaled amounts are rounded to so many parts of one.
const PARTS: f64 = 1_000.0;

/// `whole` with the amount at `key` a fifth less, and a fifth more.
pub(super) fn amount<T: Clone>(whole: &T, key: &str, unit: &str, amount: f64, set: impl Fn(&mut T, f64)) -> Changed<T> {
    let said = |amount: f64| if unit.is_empty() { amount.to_string() } else { format!("{amount} {unit}") };
    let changed = FACTORS.map(scale(amount)).map(|scaled| {
        let mut changed = whole.clone();
        set(&mut changed, scaled);
        (instead(key, said(scaled), said(amount)), changed)
    });
    changed.into()
}

/// `whole` with the time at `key` a fifth less, and a fifth more.
pub(super) fn time<T: Clone>(whole: &T, key: &str, time_ms: i64, set: impl Fn(&mut T, i64)) -> Changed<T> {
    let changed = [time_ms.saturating_mul(4) / 5, time_ms.saturating_mul(6) / 5].map(|scaled_ms| {
        let mut changed = whole.clone();
        set(&mut changed, scaled_ms);
        (instead(key, seconds(scaled_ms), seconds(time_ms)), changed)
    });
    changed.into()
}

/// `amount`, scaled; without what multiplication adds behind the third decimal.
pub(super) fn scale(amount: f64) -> impl Fn(f64) -> f64 {
    move |factor| (amount * factor * PARTS).round() / PARTS
}

/// A window twice as wide, and one half as wide.
pub(super) fn windows(place: &Place) -> Vec<Place> {
    let ms = |ms: &i64, of: fn(i64) -> Place| [ms.saturating_mul(2), ms / 2].map(of).into();
    let turns = |turns: &u32, of: fn(u32) -> Place| [turns.saturating_mul(2), (turns / 2).max(1)].map(of).into();
    let share = |share: &f64, of: fn(f64) -> Place| [(share * 2.0).min(1.0), share / 2.0].map(of).into();
    match place {
        Place::Anywhere => Vec::new(),
        Place::FirstMs(amount) => ms(amount, Place::FirstMs),
        Place::LastMs(amount) => ms(amount, Place::LastMs),
        Place::FirstTurns(amount) => turns(amount, Place::FirstTurns),
        Place::LastTurns(amount) => turns(amount, Place::LastTurns),
        Place::FirstShare(amount) => share(amount, Place::FirstShare),
        Place::LastShare(amount) => share(amount, Place::LastShare),
        Place::After { name, within } => {
            reaches_within(*within).map(|within| Place::After { name: name.clone(), within }).collect()
        }
        Place::Before { name, within } => {
            reaches_within(*within).map(|within| Place::Before { name: name.clone(), within }).collect()
        }
    }
}

fn reaches_within(within: Option<Reach>) -> impl Iterator<Item = Option<Reach>> {
    within.into_iter().flat_map(reaches).map(Some)
}

/// A reach twice as far, and one half as far.
pub(super) fn reaches(reach: Reach) -> [Reach; 2] {
    match reach {
        Reach::Ms(ms) => [ms.saturating_mul(2), ms / 2].map(Reach::Ms),
        Reach::Turns(turns) => [turns.saturating_mul(2), (turns / 2).max(1)].map(Reach::Turns),
    }
}

/// A time, as rules write it.
pub(super) fn seconds(ms: i64) -> String {
    format!("{} s", ms as f64 / 1_000.0)
}

/// A reach, as rules write it.
pub(super) fn reach(reach: Reach) -> String {
    match reach {
        Reach::Ms(ms) => seconds(ms),
        Reach::Turns(turns) => counted_turns(turns),
    }
}

/// A place, as rules write it.
pub(super) fn place(place: &Place) -> String {
    let share = |share: f64| format!("{} %", scale(share)(100.0));
    let within = |within: Option<Reach>| within.map_or_else(String::new, |far| format!(" within {}", reach(far)));
    match place {
        Place::Anywhere => "anywhere".to_owned(),
        Place::FirstMs(ms) => format!("first {}", seconds(*ms)),
        Place::LastMs(ms) => format!("last {}", seconds(*ms)),
        Place::FirstTurns(turns) => format!("first {}", counted_turns(*turns)),
        Place::LastTurns(turns) => format!("last {}", counted_turns(*turns)),
        Place::FirstShare(part) => format!("first {}", share(*part)),
        Place::LastShare(part) => format!("last {}", share(*part)),
        Place::After { name, within: far } => format!("after {name}{}", within(*far)),
        Place::Before { name, within: far } => format!("before {name}{}", within(*far)),
    }
}

fn counted_turns(turns: u32) -> String {
    if turns == 1 { "1 turn".to_owned() } else { format!("{turns} turns") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_widened_and_halved() {
        let after = |within| Place::After { name: "fee".into(), within };
        let table: Vec<(Place, &[&str])> = vec![
            (Place::Anywhere, &["anywhere"]),
            (Place::FirstMs(30_000), &["first 30 s", "first 60 s", "first 15 s"]),
            (Place::LastMs(500), &["last 0.5 s", "last 1 s", "last 0.25 s"]),
            (Place::FirstTurns(3), &["first 3 turns", "first 6 turns", "first 1 turn"]),
            (Place::LastTurns(1), &["last 1 turn", "last 2 turns", "last 1 turn"]),
            (Place::FirstShare(0.2), &["first 20 %", "first 40 %", "first 10 %"]),
            (Place::LastShare(0.7), &["last 70 %", "last 100 %", "last 35 %"]),
            (after(None), &["after fee"]),
            (
                after(Some(Reach::Ms(5_000))),
                &["after fee within 5 s", "after fee within 10 s", "after fee within 2.5 s"],
            ),
            (
                Place::Before { name: "fee".into(), within: Some(Reach::Turns(2)) },
                &["before fee within 2 turns", "before fee within 4 turns", "before fee within 1 turn"],
            ),
        ];
        for (window, expected) in table {
            let said: Vec<String> = [window.clone()].iter().chain(&windows(&window)).map(place).collect();
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn amounts_become_a_fifth_less_and_more() {
        let of = |changed: Changed<f64>| changed.into_iter().map(|(what, _)| what).collect::<Vec<_>>();
        assert_eq!(
            of(amount(&0.7, "score_above", "", 0.7, |whole, to| *whole = to)),
            ["score_above 0.56 instead of 0.7", "score_above 0.84 instead of 0.7"]
        );
        let (_, changed) = time(&0, "for", 2_000, |whole, to| *whole = to).remove(1);
        assert_eq!(changed, 2_400);
    }
}
