//! The attempts file: one line for every time somebody was rung up, answered or not.

use super::cells::Cells;
use super::columns::is_missing;
use super::identity::{NumberHash, number_hash, raw_id_hash, shown_text};
use super::manifest::{ROLES, repeated_columns};
use super::rows::{Row, Table};
use super::{WorkMistake, WorkOptions};
use crate::entities::CustomerKey;
use crate::recording::StartedAt;
use std::collections::BTreeMap;
use std::path::Path;

const DIALLERS: [&str; 2] = ["human", "robot"];
/// Outcomes that say that somebody answered.
const ANSWERED: [&str; 4] = ["answered", "connected", "接通", "已接通"];
/// Outcomes that say that somebody answered and asked not to be called again.
const STOP_REQUESTED: [&str; 3] = ["stop_requested", "要求停止", "拒绝再联系"];
/// Outcomes that say that nobody answered.
const NOT_ANSWERED: [&str; 11] = [
    "no_answer",
    "busy",
    "rejected",
    "cancelled",
    "unreachable",
    "invalid_number",
    "switched_off",
    "voicemail",
    "failed",
    "未接通",
    "无人接听",
];
/// Outcomes that say that the number is none.
const INVALID: [&str; 3] = ["invalid_number", "空号", "停机"];
const US_PER_S: f64 = 1e6;

/// One attempt, as far as it is kept; of the number, only a hash is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Attempt {
    /// The customer, 0 where it is not said.
    pub customer: u64,
    /// The call's id, 0 where it is not said.
    pub call_id: u64,
    pub ring_at: StartedAt,
    /// When it was over: `ended_at`, else `answered_at`, else when it rang.
    pub end_us: i64,
    pub answered: bool,
    /// NaN where it is not known.
    pub talk_s: f32,
    /// Place in [`ROLES`] of whom the number belongs to.
    pub callee_role: Option<u8>,
    pub number: Option<NumberHash>,
    pub stop_requested: Option<bool>,
    /// Place in the list of agencies; 0 is none.
    pub agency: u32,
}

/// An attempts file as read.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    /// By customer and time; the order of the file does not matter.
    pub list: Vec<Attempt>,
    /// Names of agencies as they may be printed; the first is none.
    pub agencies: Vec<Option<String>>,
}

/// Reads an attempts file.
///
/// # Errors
/// Every mistake in it, the first fifty in words.
pub(super) fn read(path: &Path, options: &WorkOptions) -> Result<Attempts, Vec<WorkMistake>> {
    let (zone, key) = (options.zone.as_ref(), options.customer_key.as_ref());
    let mut table = Table::open(path).map_err(|mistake| vec![mistake])?;
    let wrong = header_mistakes(&table);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let at = table.place().clone();
    let mut attempts = Attempts { list: Vec::new(), agencies: vec![None] };
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let read = |columns: &[String], row: &Row| attempt(columns, row, key, Cells::new(&at, row.number, zone));
    let mistakes = table.read_all(&read, &mut |_, chunk| {
        for (mut attempt, agency) in chunk {
            if let Some(name) = agency {
                let next = attempts.agencies.len() as u32;
                attempt.agency = *numbers.entry(name.clone()).or_insert(next);
                if attempt.agency == next {
                    attempts.agencies.push(Some(shown_text(&name)));
                }
            }
            attempts.list.push(attempt);
        }
        true
    });
    if !mistakes.is_empty() {
        return Err(mistakes.listed(path));
    }
    attempts.list.sort_unstable_by_key(order);
    Ok(attempts)
}

/// What attempts are sorted by: all that is known of them, so that the order of the file does not show.
fn order(attempt: &Attempt) -> impl Ord + use<> {
    let Attempt { customer, call_id, ring_at, end_us, answered, talk_s, callee_role, number, stop_requested, agency } =
        *attempt;
    let of_callee = (callee_role, number, stop_requested);
    (customer, ring_at, end_us, call_id, answered, talk_s.to_bits(), of_callee, agency)
}

fn header_mistakes(table: &Table) -> Vec<WorkMistake> {
    if !table.has_header() {
        return Vec::new();
    }
    let has = |names: [&str; 2]| table.columns().iter().any(|column| names.contains(&column.as_str()));
    let mut mistakes = Vec::new();
    let mut say = |message: String, help: &str| {
        mistakes.push(WorkMistake { place: table.place().header(), message, help: help.into() });
    };
    if !has(["customer_id", "call_id"]) {
        say(
            "the columns customer_id and call_id are both missing".into(),
            "add customer_id: whom the attempt was to reach",
        );
    }
    if !has(["ring_at", "started_at"]) {
        say(is_missing("ring_at", table.columns()), "add it: when the phone began to ring");
    }
    if !has(["answered_at", "outcome"]) {
        say("the columns answered_at and outcome are both missing".into(), "add at least one: it says who answered");
    }
    mistakes.extend(repeated_columns(table.place(), table.columns()));
    mistakes
}

/// The cells of a line before they are put together.
#[derive(Default)]
struct Parts<'a> {
    /// Whether a cell says when it rang, rightly or not.
    has_ring: bool,
    customer: u64,
    call_id: u64,
    ring_at: Option<StartedAt>,
    started_at: Option<StartedAt>,
    answered_at: Option<StartedAt>,
    ended_at: Option<StartedAt>,
    outcome: Option<&'a str>,
    callee_role: Option<usize>,
    number: Option<NumberHash>,
    stop_requested: Option<bool>,
    agency: Option<String>,
}

impl<'a> Parts<'a> {
    fn read(&mut self, column: &str, cell: &'a str, key: Option<&CustomerKey>, cells: &mut Cells<'_>) {
        match column {
            "customer_id" => self.customer = key.map_or_else(|| raw_id_hash(cell), |key| raw_id_hash(&key.hash(cell))),
            "call_id" => self.call_id = raw_id_hash(cell),
            "ring_at" | "started_at" => {
                self.has_ring = true;
                let time = cells.time(column, cell);
                *(if column == "ring_at" { &mut self.ring_at } else { &mut self.started_at }) = time;
            }
            "answered_at" => self.answered_at = cells.time(column, cell),
            "ended_at" => self.ended_at = cells.time(column, cell),
            "outcome" => self.outcome = Some(cell),
            "callee_role" => self.callee_role = cells.one_of(column, cell, &ROLES),
            "number" => self.number = number_hash(cell),
            "stop_requested" => self.stop_requested = cells.flag(column, cell),
            "by" => drop(cells.one_of(column, cell, &DIALLERS)),
            "agency" => self.agency = Some(cell.to_owned()),
            _ => {}
        }
    }
}

/// Reads one line: the attempt, and its agency's name.
fn attempt(
    columns: &[String],
    row: &Row,
    key: Option<&CustomerKey>,
    mut cells: Cells<'_>,
) -> Result<(Attempt, Option<String>), Vec<WorkMistake>> {
    let mut parts = Parts::default();
    row.cells().for_each(|(column, cell)| parts.read(&columns[column], cell, key, &mut cells));
    match put_together(&parts, &mut cells) {
        Some(attempt) => cells.finish((attempt, parts.agency)),
        None => Err(cells.mistakes()),
    }
}

/// The attempt that the cells make, or `None` after saying what is missing.
fn put_together(parts: &Parts<'_>, cells: &mut Cells<'_>) -> Option<Attempt> {
    if parts.customer == 0 && parts.call_id == 0 {
        cells.say("neither customer_id nor call_id is given".into(), "say whom the attempt was to reach");
    }
    let Some(ring_at) = parts.ring_at.or(parts.started_at) else {
        if !parts.has_ring {
            cells.say("ring_at is empty".into(), "say when the phone began to ring");
        }
        return None;
    };
    let (answered_us, ended_us) = times_after(ring_at, parts, cells);
    let talk_s = |answered_us: i64| ended_us.map(|ended_us| ((ended_us - answered_us) as f64 / US_PER_S) as f32);
    Some(Attempt {
        customer: parts.customer,
        call_id: parts.call_id,
        ring_at,
        end_us: ended_us.or(answered_us).unwrap_or(ring_at.timestamp_us),
        answered: answered_us.is_some() || outcome_says_answered(parts.outcome, cells),
        talk_s: answered_us.and_then(talk_s).unwrap_or(f32::NAN),
        callee_role: parts.callee_role.map(|role| role as u8),
        number: parts.number,
        stop_requested: if parts.outcome.is_some_and(says_stop) { Some(true) } else { parts.stop_requested },
        agency: 0,
    })
}

/// When it was answered and when it ended, µs; says so where the one is before the other.
fn times_after(ring_at: StartedAt, parts: &Parts<'_>, cells: &mut Cells<'_>) -> (Option<i64>, Option<i64>) {
    let us = |time: Option<StartedAt>| time.map(|time| time.timestamp_us);
    let (answered_us, ended_us) = (us(parts.answered_at), us(parts.ended_at));
    if answered_us.is_some_and(|at| at < ring_at.timestamp_us) {
        cells.say("answered_at is before ring_at".into(), "check the two times, and their offsets");
    }
    if ended_us.is_some_and(|at| at < answered_us.unwrap_or(ring_at.timestamp_us)) {
        cells.say("ended_at is before what it ends".into(), "check the times, and their offsets");
    }
    (answered_us, ended_us)
}

/// What the outcome says where there is no time of an answer.
fn outcome_says_answered(outcome: Option<&str>, cells: &mut Cells<'_>) -> bool {
    let Some(outcome) = outcome else { return false };
    let answered = says_answered(outcome);
    if !answered && !is_among(&NOT_ANSWERED, outcome) {
        let known = [ANSWERED.as_slice(), &STOP_REQUESTED, &NOT_ANSWERED].concat().join(", ");
        cells.say(
            format!("outcome {:?} is not known", shown_text(outcome)),
            &format!("write one of {known}, or say with answered_at who answered"),
        );
    }
    answered
}

/// Whether an outcome says that somebody answered.
pub(crate) fn says_answered(outcome: &str) -> bool {
    is_among(&ANSWERED, outcome) || says_stop(outcome)
}

/// Whether an outcome says that there is no such number.
pub(crate) fn says_invalid(outcome: &str) -> bool {
    INVALID.contains(&outcome)
}

fn says_stop(outcome: &str) -> bool {
    is_among(&STOP_REQUESTED, outcome)
}

fn is_among(words: &[&str], outcome: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(outcome))
}
