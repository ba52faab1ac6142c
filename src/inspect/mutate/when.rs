//! `report.when`: operators taken for one another, and parts left out.

use super::Changed;
use super::amounts::{reach, reaches};
use crate::rules::model::{Reach, When};

/// `when` changed in each of its parts; `names` are those of the conditions.
pub(super) fn changed(when: &When, names: &[&str]) -> Changed<When> {
    let what = |other: &When| format!("{:?} instead of {:?}", text(other, names), text(when, names));
    let here = of_one(when).into_iter().map(|other| (what(&other), other));
    let mut all: Changed<When> = here.collect();
    let mut inside = |part: &When, around: &dyn Fn(Box<When>) -> When| {
        all.extend(changed(part, names).into_iter().map(|(what, other)| (what, around(Box::new(other)))));
    };
    match when {
        When::Name(_) | When::Before(..) | When::Then(..) | When::EveryThen(..) => {}
        When::Not(inner) => inside(inner, &When::Not),
        When::And(left, right) => {
            inside(left, &|left| When::And(left, right.clone()));
            inside(right, &|right| When::And(left.clone(), right));
        }
        When::Or(left, right) => {
            inside(left, &|left| When::Or(left, right.clone()));
            inside(right, &|right| When::Or(left.clone(), right));
        }
    }
    all
}

/// Whether it matters to `when` how many hits the condition `name` has.
pub(super) fn is_counted(when: &When, name: usize) -> bool {
    match when {
        When::Name(other) => *other == name,
        When::Not(inner) => is_counted(inner, name),
        When::And(left, right) | When::Or(left, right) => is_counted(left, name) || is_counted(right, name),
        When::Before(a, b) | When::Then(a, b, _) => *a == name || *b == name,
        // Every hit is followed, be they many or few.
        When::EveryThen(..) => false,
    }
}

/// What stands at the top of `when`, changed.
fn of_one(when: &When) -> Vec<When> {
    match when {
        When::Name(_) => Vec::new(),
        When::Not(inner) => vec![(**inner).clone()],
        When::And(left, right) => {
            // Of a longer chain, one link at a time is left out.
            let links =
                [(left, right), (right, left)].into_iter().filter(|(link, _)| !matches!(***link, When::And(..)));
            let either = When::Or(left.clone(), right.clone());
            std::iter::once(either).chain(links.map(|(_, rest)| (**rest).clone())).collect()
        }
        When::Or(left, right) => {
            let links = [(left, right), (right, left)].into_iter().filter(|(link, _)| !matches!(***link, When::Or(..)));
            let both = When::And(left.clone(), right.clone());
            std::iter::once(both).chain(links.map(|(_, rest)| (**rest).clone())).collect()
        }
        When::Before(a, b) => vec![When::Before(*b, *a)],
        When::Then(a, b, far) => reaches(*far).map(|far| When::Then(*a, *b, far)).into(),
        When::EveryThen(a, b, far) => {
            let windows = reaches(*far).map(|far| When::EveryThen(*a, *b, far));
            std::iter::once(When::Then(*a, *b, *far)).chain(windows).collect()
        }
    }
}

/// `when`, as rules write it.
fn text(when: &When, names: &[&str]) -> String {
    let part = |part: &When| {
        let text = text(part, names);
        if binding(part) < binding(when) || binding(part) == ORDER { format!("({text})") } else { text }
    };
    let then = |a: usize, b: usize, far: Reach| format!("{} then {} within {}", names[a], names[b], reach(far));
    match when {
        When::Name(name) => names[*name].to_owned(),
        When::Not(inner) => format!("not {}", part(inner)),
        When::And(left, right) => format!("{} and {}", part(left), part(right)),
        When::Or(left, right) => format!("{} or {}", part(left), part(right)),
        When::Before(a, b) => format!("{} before {}", names[*a], names[*b]),
        When::Then(a, b, far) => then(*a, *b, *far),
        When::EveryThen(a, b, far) => format!("every {}", then(*a, *b, *far)),
    }
}

/// How tightly an order binds.
const ORDER: u8 = 2;

/// How tightly what stands at the top binds.
const fn binding(when: &When) -> u8 {
    match when {
        When::Or(..) => 0,
        When::And(..) => 1,
        When::Before(..) | When::Then(..) => ORDER,
        When::Not(_) | When::Name(_) | When::EveryThen(..) => 3,
    }
}
