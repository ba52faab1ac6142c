//! attempts.csv: the dialler's log, of which a report needs less than `inspect` does.

use super::read::one_of;
use crate::entities::{CustomerKey, masked_id};
use crate::report::{Attempt, Attempts, Callee};
use crate::worklist::{BroughtLine, Cells, Needed, WorkMistake, read_table, says_answered, says_invalid};
use jiff::civil::DateTime;
use std::collections::HashMap;
use std::path::Path;

const NEEDED: [Needed; 2] = [
    (&["ring_at", "started_at"], "when the phone began to ring"),
    (&["answered_at", "outcome"], "it says who answered"),
];

/// Reads the attempts, in the order of the file. Numbers are told apart as they are written, and kept only as keys.
///
/// # Errors
/// Every mistake in it.
pub(super) fn read(path: &Path, key: Option<&CustomerKey>) -> Result<Attempts, Vec<WorkMistake>> {
    let mut attempts = Attempts::default();
    let (mut customers, mut numbers) = (HashMap::new(), HashMap::new());
    read_table(path, &NEEDED, None, &line, &mut |line| {
        let Line { customer, number, ring_local, callee, is_answered, is_invalid } = line;
        let shown = |raw: &str| masked_id(&key.map_or_else(|| raw.to_owned(), |key| key.hash(raw)));
        let attempt = ring_local.map(|ring_local| Attempt {
            ring_local,
            customer: customer.map(|raw| place(&mut customers, &mut attempts.customers, raw, shown)),
            number: number.map(|raw| place(&mut numbers, &mut attempts.numbers, raw, masked_id)),
            callee,
            is_answered,
            is_invalid,
        });
        attempts.list.extend(attempt);
        None
    })?;
    Ok(attempts)
}

/// What a line says.
#[derive(Default)]
struct Line {
    customer: Option<String>,
    number: Option<String>,
    /// Always there in a line without mistakes.
    ring_local: Option<DateTime>,
    callee: Option<Callee>,
    is_answered: bool,
    is_invalid: bool,
}

fn line(read: BroughtLine<'_>, cells: &mut Cells<'_>) -> Line {
    let (mut line, mut has_ring, mut started_local) = (Line::default(), false, None);
    for (column, cell) in read.cells() {
        match column {
            "customer_id" => line.customer = Some(cell.to_owned()),
            "number" => line.number = Some(cell.to_owned()),
            "ring_at" | "started_at" => {
                has_ring = true;
                let time = cells.local_time(column, cell);
                *(if column == "ring_at" { &mut line.ring_local } else { &mut started_local }) = time;
            }
            "callee_role" => line.callee = one_of(cells, (column, cell), Callee::ALL, Callee::name),
            "answered_at" => line.is_answered = true,
            "outcome" => {
                line.is_answered |= says_answered(cell);
                line.is_invalid = says_invalid(cell);
            }
            _ => {}
        }
    }
    if !has_ring {
        cells.say("ring_at is empty".into(), "say when the phone began to ring");
    }
    line.ring_local = line.ring_local.or(started_local);
    line
}

/// The place of the name `raw` among those shown.
fn place(places: &mut HashMap<String, u32>, all: &mut Vec<String>, raw: String, shown: impl Fn(&str) -> String) -> u32 {
    if let Some(place) = places.get(&raw) {
        return *place;
    }
    let place = all.len() as u32;
    all.push(shown(&raw));
    places.insert(raw, place);
    place
}
