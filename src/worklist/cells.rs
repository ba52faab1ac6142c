//! Cells of a line to values; what cannot be read becomes a mistake.

use super::WorkMistake;
use super::identity::shown_text;
use super::rows::Place;
use crate::recording::StartedAt;
use crate::written::nearest::did_you_mean;
use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;

static TIMES: DateTimeParser = DateTimeParser::new();

/// Reads the cells of one line, and keeps what is wrong with them.
pub(crate) struct Cells<'a> {
    at: &'a Place,
    number: u64,
    /// Zone of times without an offset.
    zone: Option<&'a TimeZone>,
    mistakes: Vec<WorkMistake>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(at: &'a Place, number: u64, zone: Option<&'a TimeZone>) -> Self {
        Self { at, number, zone, mistakes: Vec::new() }
    }

    /// What was read, where nothing was wrong.
    pub(super) fn finish<T>(self, read: T) -> Result<T, Vec<WorkMistake>> {
        if self.mistakes.is_empty() { Ok(read) } else { Err(self.mistakes) }
    }

    /// What was wrong.
    pub(super) fn mistakes(self) -> Vec<WorkMistake> {
        self.mistakes
    }

    pub(crate) fn say(&mut self, message: String, help: &str) {
        self.mistakes.push(WorkMistake { place: self.at.of(self.number), message, help: help.into() });
    }

    /// One of `known`, by its place there.
    pub(crate) fn one_of(&mut self, column: &str, cell: &str, known: &[&str]) -> Option<usize> {
        let found = known.iter().position(|value| *value == cell);
        if found.is_none() {
            let hint = did_you_mean(cell, known.iter().copied());
            let hint = if hint.is_empty() { hint } else { format!("{hint} ") };
            self.say(
                format!("{column} {:?} is not known", shown_text(cell)),
                &format!("{hint}write one of {}, or nothing", known.join(", ")),
            );
        }
        found
    }

    pub(super) fn channel(&mut self, column: &str, cell: &str) -> Option<u16> {
        let channel = agent_channel(cell);
        if channel.is_none() {
            let message = format!("{column} {:?} is not a channel", shown_text(cell));
            self.say(message, "write 0, 1, left or right, or nothing");
        }
        channel
    }

    pub(super) fn flag(&mut self, column: &str, cell: &str) -> Option<bool> {
        let flag = flag(cell);
        if flag.is_none() {
            self.say(
                format!("{column} {:?} is neither yes nor no", shown_text(cell)),
                "write true or false, yes or no, 1 or 0, or nothing",
            );
        }
        flag
    }

    /// A length of time, seconds, 0 and more.
    pub(super) fn seconds(&mut self, column: &str, cell: &str) -> Option<f32> {
        let seconds = cell.parse::<f32>().ok().filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
        if seconds.is_none() {
            self.say(
                format!("{column} {:?} is not a number of seconds", shown_text(cell)),
                "write it like 95 or 95.5, or nothing",
            );
        }
        seconds
    }

    pub(crate) fn time(&mut self, column: &str, cell: &str) -> Option<StartedAt> {
        let (trouble, help) = match time(cell, self.zone) {
            Ok(time) => return Some(time),
            Err(TimeError::NoOffset) => {
                ("has no offset from UTC", "write it like 2026-11-20T09:30:00+08:00, or say --timezone Asia/Shanghai")
            }
            Err(TimeError::NotATime) => ("is not a time", "write it like 2026-11-20T09:30:00+08:00"),
        };
        self.say(format!("{column} {:?} {trouble}", shown_text(cell)), help);
        None
    }
}

impl Cells<'_> {
    /// A time as the clock showed it where it was written down; an offset is passed over.
    pub(crate) fn local_time(&mut self, column: &str, cell: &str) -> Option<DateTime> {
        let local = TIMES.parse_pieces(cell).ok().and_then(|it| Some(DateTime::from_parts(it.date(), it.time()?)));
        self.or_say(local, column, cell, "is not a time", "write it like 2026-11-20T09:30:00+08:00")
    }

    /// A day.
    pub(crate) fn day(&mut self, column: &str, cell: &str) -> Option<Date> {
        self.or_say(cell.parse().ok(), column, cell, "is not a day", "write it like 2026-11-25, or nothing")
    }

    /// An amount of money, 0 and more.
    pub(crate) fn amount(&mut self, column: &str, cell: &str) -> Option<f64> {
        let amount = cell.parse().ok().filter(|amount: &f64| amount.is_finite() && *amount >= 0.0);
        self.or_say(amount, column, cell, "is not an amount", "write it like 500 or 500.25, or nothing")
    }

    /// A probability, above 0 to 1.
    pub(crate) fn probability(&mut self, column: &str, cell: &str) -> Option<f64> {
        let probability = cell.parse().ok().filter(|chance: &f64| *chance > 0.0 && *chance <= 1.0);
        self.or_say(
            probability,
            column,
            cell,
            "is not above 0 to 1",
            "write 0.05 where one in twenty is drawn, or nothing",
        )
    }

    fn or_say<T>(&mut self, read: Option<T>, column: &str, cell: &str, trouble: &str, help: &str) -> Option<T> {
        if read.is_none() {
            self.say(format!("{column} {:?} {trouble}", shown_text(cell)), help);
        }
        read
    }
}

/// The channel that `0`, `1`, `left` or `right` names.
pub(crate) fn agent_channel(text: &str) -> Option<u16> {
    match text {
        "0" | "left" => Some(0),
        "1" | "right" => Some(1),
        _ => None,
    }
}

fn flag(cell: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(cell));
    if is(&["true", "yes", "1", "是"]) { Some(true) } else { is(&["false", "no", "0", "否"]).then_some(false) }
}

#[derive(Debug, PartialEq, Eq)]
enum TimeError {
    NotATime,
    NoOffset,
}

/// A time with offset (`2026-11-20T09:30:00+08:00`, a blank for `T` allowed, `Z` allowed), or without one in `zone`.
fn time(cell: &str, zone: Option<&TimeZone>) -> Result<StartedAt, TimeError> {
    let pieces = TIMES.parse_pieces(cell).map_err(|_| TimeError::NotATime)?;
    let local = DateTime::from_parts(pieces.date(), pieces.time().ok_or(TimeError::NotATime)?);
    let (stamp, offset) = match pieces.to_numeric_offset() {
        Some(offset) => (offset.to_timestamp(local).map_err(|_| TimeError::NotATime)?, offset),
        None => {
            let zoned = local.to_zoned(zone.ok_or(TimeError::NoOffset)?.clone()).map_err(|_| TimeError::NotATime)?;
            (zoned.timestamp(), zoned.offset())
        }
    };
    Ok(StartedAt { timestamp_us: stamp.as_microsecond(), utc_offset_min: offset.seconds() / 60 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON_UTC_US: i64 = 1_795_089_600_000_000; // date -u -d 2026-11-19T12:00:00Z +%s

    #[test]
    fn times_of_a_manifest() {
        let shanghai = TimeZone::get("Asia/Shanghai").expect("bundled");
        let cases = [
            ("2026-11-19T20:00:00+08:00", None, Ok((NOON_UTC_US, 480))),
            ("2026-11-19 20:00:00+08:00", None, Ok((NOON_UTC_US, 480))),
            ("2026-11-19T12:00:00Z", None, Ok((NOON_UTC_US, 0))),
            ("2026-11-19T20:00:00.5+08:00", None, Ok((NOON_UTC_US + 500_000, 480))),
            ("2026-11-19 20:00:00", Some(&shanghai), Ok((NOON_UTC_US, 480))),
            ("2026-11-19T20:00", Some(&shanghai), Ok((NOON_UTC_US, 480))),
            ("2026-11-19T20:00:00", None, Err(TimeError::NoOffset)),
            ("2026-11-19", Some(&shanghai), Err(TimeError::NotATime)),
            ("2026-13-19T20:00:00+08:00", None, Err(TimeError::NotATime)),
            ("yesterday", None, Err(TimeError::NotATime)),
        ];
        for (cell, zone, expected) in cases {
            let read = time(cell, zone).map(|time| (time.timestamp_us, time.utc_offset_min));
            assert_eq!(read, expected, "{cell}");
        }
    }

    #[test]
    fn yes_and_no() {
        for (cell, expected) in [
            ("true", Some(true)),
            ("TRUE", Some(true)),
            ("yes", Some(true)),
            ("1", Some(true)),
            ("是", Some(true)),
            ("False", Some(false)),
            ("no", Some(false)),
            ("0", Some(false)),
            ("否", Some(false)),
            ("maybe", None),
            ("", None),
        ] {
            assert_eq!(flag(cell), expected, "{cell}");
        }
    }
}
