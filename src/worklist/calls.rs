//! Every call that is known, by customer and start: what the earlier calls of a call are taken from.

use super::manifest::{DIRECTIONS, Line};
use crate::recording::{PRIOR_DAYS, PriorCall, StartedAt};

/// How far back an earlier call may lie, µs.
const EARLIER_US: i64 = PRIOR_DAYS * 86_400 * 1_000_000;
/// At most so many earlier calls of a call are kept, the latest.
const EARLIER_CALLS: usize = 100;

/// A call in 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Call {
    /// Hash of the customer's id as written, 0 where there is none.
    pub customer: u64,
    pub start_us: i64,
    /// Hash of the call's id as written.
    pub id: u64,
    /// NaN where it is not known.
    talk_s: f32,
    offset_min: i16,
    direction: Direction,
    answered: Answered,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Direction {
    Unknown,
    Inbound,
    Outbound,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Answered {
    Unknown,
    No,
    Yes,
}

impl Call {
    /// The call of a line, where it says when it started.
    pub(super) fn of_line(line: &Line, id: u64, customer: u64) -> Option<Self> {
        let prior = PriorCall {
            started_at_us: 0,
            direction: line.metadata.direction.clone(),
            answered: line.answered,
            talk_s: line.talk_s,
        };
        Some(Self::new(id, customer, line.metadata.started_at?, &prior))
    }

    /// A call of which `prior` is known.
    pub(super) fn new(id: u64, customer: u64, start: StartedAt, prior: &PriorCall) -> Self {
        let direction = match prior.direction.as_deref() {
            Some(direction) if direction == DIRECTIONS[0] => Direction::Inbound,
            Some(direction) if direction == DIRECTIONS[1] => Direction::Outbound,
            _ => Direction::Unknown,
        };
        let answered = match prior.answered {
            Some(true) => Answered::Yes,
            Some(false) => Answered::No,
            None => Answered::Unknown,
        };
        let talk_s = prior.talk_s.unwrap_or(f32::NAN);
        // An offset is less than a day and some, far inside 16 bits.
        let offset_min = start.utc_offset_min as i16;
        Self { customer, start_us: start.timestamp_us, id, talk_s, offset_min, direction, answered }
    }

    /// What an attempt says of the call, where the call does not say it itself.
    pub(super) fn fill(&mut self, customer: u64, answered: bool, talk_s: f32) {
        if self.customer == 0 {
            self.customer = customer;
        }
        if self.direction == Direction::Unknown {
            self.direction = Direction::Outbound;
        }
        if self.answered == Answered::Unknown {
            self.answered = if answered { Answered::Yes } else { Answered::No };
        }
        if self.talk_s.is_nan() {
            self.talk_s = talk_s;
        }
    }

    /// When it started.
    pub(super) fn start(&self) -> StartedAt {
        StartedAt { timestamp_us: self.start_us, utc_offset_min: i32::from(self.offset_min) }
    }

    /// What calls are sorted by: customer and start, then all else, so that the order of the input does not show.
    pub(super) fn order(&self) -> impl Ord + use<> {
        (self.customer, self.start_us, self.id, self.direction, self.answered, self.talk_s.to_bits(), self.offset_min)
    }

    fn prior(&self) -> PriorCall {
        PriorCall {
            started_at_us: self.start_us,
            direction: match self.direction {
                Direction::Unknown => None,
                Direction::Inbound => Some(DIRECTIONS[0].to_owned()),
                Direction::Outbound => Some(DIRECTIONS[1].to_owned()),
            },
            answered: match self.answered {
                Answered::Unknown => None,
                Answered::No => Some(false),
                Answered::Yes => Some(true),
            },
            talk_s: Some(self.talk_s).filter(|talk_s| !talk_s.is_nan()),
        }
    }
}

/// The calls of `customer` that started before `start`, at most 30 days back, the latest 100, by start. `calls` are
/// sorted by [`Call::order`].
pub(super) fn earlier(calls: &[Call], customer: u64, start: StartedAt) -> Vec<PriorCall> {
    if customer == 0 {
        return Vec::new();
    }
    let end = calls.partition_point(|call| (call.customer, call.start_us) < (customer, start.timestamp_us));
    let since_us = start.timestamp_us.saturating_sub(EARLIER_US);
    let is_earlier = |call: &&Call| call.customer == customer && call.start_us >= since_us;
    let latest = calls[..end].iter().rev().take(EARLIER_CALLS).take_while(is_earlier);
    let mut earlier: Vec<PriorCall> = latest.map(Call::prior).collect();
    earlier.reverse();
    earlier
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_US: i64 = 86_400_000_000;

    fn call(customer: u64, start_us: i64) -> Call {
        let prior = PriorCall { started_at_us: 0, direction: None, answered: None, talk_s: None };
        Call::new(start_us as u64, customer, StartedAt { timestamp_us: start_us, utc_offset_min: 480 }, &prior)
    }

    fn starts(calls: &[Call], customer: u64, start_us: i64) -> Vec<i64> {
        let mut calls = calls.to_vec();
        calls.sort_unstable_by_key(Call::order);
        let start = StartedAt { timestamp_us: start_us, utc_offset_min: 0 };
        earlier(&calls, customer, start).iter().map(|prior| prior.started_at_us).collect()
    }

    #[test]
    fn a_call_is_small() {
        assert_eq!(size_of::<Call>(), 32);
    }

    #[test]
    fn the_window_is_thirty_days_and_the_call_itself_is_not_in_it() {
        let now = 100 * DAY_US;
        let calls = [now, now - 1, now - 30 * DAY_US, now - 30 * DAY_US - 1, now + 1].map(|start_us| call(7, start_us));
        assert_eq!(starts(&calls, 7, now), [now - 30 * DAY_US, now - 1]);
        assert_eq!(starts(&calls, 8, now), [0; 0], "another customer");
        assert_eq!(starts(&[call(0, now - 1)], 0, now), [0; 0], "no customer");
        assert_eq!(starts(&calls, 7, i64::MIN), [0; 0]);
    }

    #[test]
    fn the_latest_hundred_are_kept() {
        let calls: Vec<Call> = (0..150).map(|start_us| call(7, start_us)).collect();
        assert_eq!(starts(&calls, 7, 140), (40..140).collect::<Vec<i64>>());
    }
}
