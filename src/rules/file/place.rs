//! `where`: which part of a call counts.

use super::super::model::{Place, Reach};
use super::look_for::WrittenLookFor;
use crate::written::quantity::{self, Dimension};
use crate::written::{Fault, Placed, Table, codes, nearest};
use std::collections::{BTreeMap, BTreeSet};

/// The part of the call that `written` says, and the condition it names, if it names one.
pub(super) fn read(table: &Table<'_>, written: &Placed<String>) -> (Place, Option<Placed<String>>) {
    let words: Vec<&str> = written.value.split_whitespace().collect();
    let place = match words.as_slice() {
        ["first", amount, "turn" | "turns"] => turns(amount).map(Place::FirstTurns),
        ["last", amount, "turn" | "turns"] => turns(amount).map(Place::LastTurns),
        ["first", amount, unit] => measured(table, written, amount, unit, Place::FirstMs, Place::FirstShare),
        ["last", amount, unit] => measured(table, written, amount, unit, Place::LastMs, Place::LastShare),
        [side @ ("after" | "before"), name] => return beside(table, written, side, name, None),
        [side @ ("after" | "before"), name, "within", amount, unit] => {
            let Some(within) = reach(table, written, amount, unit) else { return (Place::Anywhere, None) };
            return beside(table, written, side, name, Some(within));
        }
        _ => None,
    };
    (place.unwrap_or_else(|| unreadable(table, written)), None)
}

fn turns(amount: &str) -> Option<u32> {
    amount.parse().ok().filter(|turns| (1..=10_000).contains(turns))
}

/// A time or a share; a fault of the quantity is reported here, and any place stands in for it.
fn measured(
    table: &Table<'_>,
    written: &Placed<String>,
    amount: &str,
    unit: &str,
    of_ms: impl Fn(i64) -> Place,
    of_share: impl Fn(f64) -> Place,
) -> Option<Place> {
    match quantity::read(&format!("{amount} {unit}"), &[Dimension::Time, Dimension::Share]) {
        Ok(read) if read.dimension == Dimension::Time && read.amount > 0.0 => Some(of_ms(read.rounded())),
        Ok(read) if read.dimension == Dimension::Share && read.amount > 0.0 && read.amount <= 1.0 => {
            Some(of_share(read.amount))
        }
        Ok(_) => None,
        Err(fault) => {
            let help = format!("{}; or `turns`", fault.help);
            table.report(fault.at(written.span.clone()).help(help));
            Some(Place::Anywhere)
        }
    }
}

/// `60 s` or `3 turns`; `None` after saying what is wrong with it.
fn reach(table: &Table<'_>, written: &Placed<String>, amount: &str, unit: &str) -> Option<Reach> {
    match read_reach(amount, unit) {
        Ok(Some(reach)) => Some(reach),
        Ok(None) => {
            unreadable(table, written);
            None
        }
        Err(fault) => {
            table.report(fault.at(written.span.clone()));
            None
        }
    }
}

/// How far things may be apart, as `written`: `60 s` or `3 turns`; `None` after saying what is wrong with it.
pub(super) fn read_span_of(table: &Table<'_>, written: &Placed<String>) -> Option<Reach> {
    let (amount, unit) = written.value.split_once(' ').unwrap_or((&written.value, ""));
    match read_reach(amount, unit) {
        Ok(reach @ Some(_)) => return reach,
        Ok(None) => {
            let message = format!("`{}` is no time and no number of turns", written.value);
            table.report(
                Fault::new(codes::OUT_OF_RANGE, written.span.clone(), message).help("write `60 s` or `3 turns`"),
            );
        }
        Err(fault) => table.report(fault.at(written.span.clone())),
    }
    None
}

/// `60 s` or `3 turns`; `None` where it is less than nothing.
///
/// Errors: a fault of the quantity, its span counted from the start of the amount.
pub(in crate::rules) fn read_reach(amount: &str, unit: &str) -> Result<Option<Reach>, Fault> {
    if matches!(unit, "turn" | "turns") {
        return Ok(turns(amount).map(Reach::Turns));
    }
    let time = quantity::read(&format!("{amount} {unit}"), &[Dimension::Time])?;
    Ok((time.amount >= 0.0).then(|| Reach::Ms(time.rounded())))
}

fn beside(
    table: &Table<'_>,
    written: &Placed<String>,
    side: &str,
    name: &str,
    within: Option<Reach>,
) -> (Place, Option<Placed<String>>) {
    let start = written.value.find(side).map_or(0, |at| at + side.len());
    let start = start + written.value[start..].find(name).unwrap_or(0);
    let span = table.page().inside(written, start..start + name.len());
    let place = match side {
        "before" => Place::Before { name: name.to_owned(), within },
        _ => Place::After { name: name.to_owned(), within },
    };
    (place, Some(Placed::new(name.to_owned(), span)))
}

fn unreadable(table: &Table<'_>, written: &Placed<String>) -> Place {
    let message = format!("`where` cannot be `{}`", written.value);
    let help = "one of \"first 30 s\", \"last 3 turns\", \"first 20 %\", \"after NAME\", \"before NAME within 3 turns\", \"after NAME within 60 s\"";
    table.report(Fault::new(codes::BAD_PLACE, written.span.clone(), message).help(help));
    Place::Anywhere
}

/// Reports every `after` of a name that no condition has, and conditions that wait for one another.
pub(super) fn refuse_unknown_and_circular(table: &Table<'_>, look_fors: &[WrittenLookFor]) {
    let names: Vec<&str> = look_fors.iter().map(|written| written.name.value.as_str()).collect();
    let mut waits_for = BTreeMap::new();
    for written in look_fors {
        let Some(after) = &written.after else { continue };
        if names.contains(&after.value.as_str()) {
            waits_for.insert(written.name.value.as_str(), after.value.as_str());
        } else {
            let fault =
                Fault::new(codes::UNKNOWN_NAME, after.span.clone(), format!("no look_for is called `{}`", after.value));
            let help = format!("this rule looks for {}", nearest::quoted(names.iter().copied(), ", "));
            table.report(fault.label(nearest::did_you_mean(&after.value, names.iter().copied())).help(help));
        }
    }
    let mut told = BTreeSet::new();
    for written in look_fors {
        let circle = circle(&written.name.value, &waits_for);
        if let Some(after) = written.after.as_ref().filter(|_| !circle.is_empty())
            && circle.iter().all(|name| told.insert((*name).to_owned()))
        {
            let names = circle.into_iter().chain([written.name.value.as_str()]);
            let message = format!("`{}` waits for itself: {}", written.name.value, nearest::quoted(names, " after "));
            table.report(
                Fault::new(codes::PLACE_CYCLE, after.span.clone(), message).help("let one of them stand anywhere"),
            );
        }
    }
}

/// `start`, what it waits for, and so on back to `start`; empty where that never comes back.
fn circle<'n>(start: &'n str, waits_for: &BTreeMap<&'n str, &'n str>) -> Vec<&'n str> {
    let mut path = vec![start];
    let mut at = start;
    while let Some(&next) = waits_for.get(at) {
        if next == start {
            return path;
        }
        if path.contains(&next) {
            return Vec::new();
        }
        path.push(next);
        at = next;
    }
    Vec::new()
}
