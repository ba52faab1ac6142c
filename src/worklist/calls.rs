//! Every call that is known, by customer and start: what the earlier calls of a call are taken from.

use super::attempts::Attempt;
use super::identity::NumberHash;
use super::manifest::{DIRECTIONS, Line, ROLES};
use crate::recording::{PRIOR_DAYS, PriorCall, StartedAt};

/// How far back an earlier call may lie, µs.
const EARLIER_US: i64 = PRIOR_DAYS * 86_400 * 1_000_000;
/// At most so many earlier calls of a call are kept, the latest.
const EARLIER_CALLS: usize = 100;

/// A call in 40 bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Call {
    /// Hash of the customer's id as written, 0 where there is none.
    pub customer: u64,
    pub start_us: i64,
    /// Hash of the call's id as written.
    pub id: u64,
    /// Of the phone number.
    pub number: Option<NumberHash>,
    /// NaN where it is not known.
    talk_s: f32,
    offset_min: i16,
    direction: Direction,
    answered: Option<bool>,
    /// Place in [`ROLES`].
    callee_role: Option<u8>,
    stop_requested: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Direction {
    Unknown,
    Inbound,
    Outbound,
}

impl Call {
    /// The call of a line, where it says when it started.
    pub(super) fn of_line(line: &Line, id: u64, customer: u64) -> Option<Self> {
        let prior = PriorCall {
            started_at_us: 0,
            direction: line.metadata.direction.clone(),
            answered: line.answered,
            talk_s: line.talk_s,
            callee_role: line.metadata.callee_role.clone(),
            stop_requested: line.stop_requested,
            same_number: None,
        };
        Some(Self { number: line.number, ..Self::new(id, customer, line.metadata.started_at?, &prior) })
    }

    /// A call of which `prior` is known, and no number.
    pub(super) fn new(id: u64, customer: u64, start: StartedAt, prior: &PriorCall) -> Self {
        let direction = match prior.direction.as_deref() {
            Some(direction) if direction == DIRECTIONS[0] => Direction::Inbound,
            Some(direction) if direction == DIRECTIONS[1] => Direction::Outbound,
            _ => Direction::Unknown,
        };
        let place = |role: &str| ROLES.iter().position(|known| *known == role);
        Self {
            customer,
            start_us: start.timestamp_us,
            id,
            number: None,
            talk_s: prior.talk_s.unwrap_or(f32::NAN),
            // An offset is less than a day and some, far inside 16 bits.
            offset_min: start.utc_offset_min as i16,
            direction,
            answered: prior.answered,
            callee_role: prior.callee_role.as_deref().and_then(place).map(|place| place as u8),
            stop_requested: prior.stop_requested,
        }
    }

    /// What an attempt says of the call, where the call does not say it itself.
    pub(super) fn fill(&mut self, attempt: &Attempt) {
        if self.customer == 0 {
            self.customer = attempt.customer;
        }
        if self.direction == Direction::Unknown {
            self.direction = Direction::Outbound;
        }
        if self.talk_s.is_nan() {
            self.talk_s = attempt.talk_s;
        }
        self.number = self.number.or(attempt.number);
        self.answered = self.answered.or(Some(attempt.answered));
        self.callee_role = self.callee_role.or(attempt.callee_role);
        self.stop_requested = self.stop_requested.or(attempt.stop_requested);
    }

    /// When it started.
    pub(super) fn start(&self) -> StartedAt {
        StartedAt { timestamp_us: self.start_us, utc_offset_min: i32::from(self.offset_min) }
    }

    /// What calls are sorted by: customer and start, then all else, so that the order of the input does not show.
    pub(super) fn order(&self) -> impl Ord + use<> {
        let of_callee = (self.callee_role, self.number, self.stop_requested);
        let talk = (self.direction, self.answered, self.talk_s.to_bits(), self.offset_min);
        (self.customer, self.start_us, self.id, talk, of_callee)
    }

    /// What it is to a call to `number`.
    fn prior_to(&self, number: Option<NumberHash>) -> PriorCall {
        PriorCall {
            started_at_us: self.start_us,
            direction: match self.direction {
                Direction::Unknown => None,
                Direction::Inbound => Some(DIRECTIONS[0].to_owned()),
                Direction::Outbound => Some(DIRECTIONS[1].to_owned()),
            },
            answered: self.answered,
            talk_s: Some(self.talk_s).filter(|talk_s| !talk_s.is_nan()),
            callee_role: self
                .callee_role
                .and_then(|place| ROLES.get(usize::from(place)))
                .map(|role| (*role).to_owned()),
            same_number: self.number.zip(number).map(|(own, other)| own == other),
            stop_requested: self.stop_requested,
        }
    }
}

/// The calls of `customer` that started before `start`, at most 30 days back, the latest 100, by start, as they are to a
/// call to `number`. `calls` are sorted by [`Call::order`].
pub(super) fn earlier(calls: &[Call], customer: u64, start: StartedAt, number: Option<NumberHash>) -> Vec<PriorCall> {
    if customer == 0 {
        return Vec::new();
    }
    let end = calls.partition_point(|call| (call.customer, call.start_us) < (customer, start.timestamp_us));
    let since_us = start.timestamp_us.saturating_sub(EARLIER_US);
    let is_earlier = |call: &&Call| call.customer == customer && call.start_us >= since_us;
    let latest = calls[..end].iter().rev().take(EARLIER_CALLS).take_while(is_earlier);
    let mut earlier: Vec<PriorCall> = latest.map(|call| call.prior_to(number)).collect();
    earlier.reverse();
    earlier
}

/// The number of the call `id`, as `calls` have it. They are sorted by [`Call::order`].
pub(super) fn number_of(calls: &[Call], customer: u64, start: StartedAt, id: u64) -> Option<NumberHash> {
    let place = |call: &Call| (call.customer, call.start_us, call.id);
    let own = (customer, start.timestamp_us, id);
    let first = calls.partition_point(|call| place(call) < own);
    calls.get(first).filter(|call| place(call) == own)?.number
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_US: i64 = 86_400_000_000;

    fn call(customer: u64, start_us: i64) -> Call {
        let start = StartedAt { timestamp_us: start_us, utc_offset_min: 480 };
        Call::new(start_us as u64, customer, start, &PriorCall::default())
    }

    fn starts(calls: &[Call], customer: u64, start_us: i64) -> Vec<i64> {
        let mut calls = calls.to_vec();
        calls.sort_unstable_by_key(Call::order);
        let start = StartedAt { timestamp_us: start_us, utc_offset_min: 0 };
        earlier(&calls, customer, start, None).iter().map(|prior| prior.started_at_us).collect()
    }

    #[test]
    fn a_call_is_small() {
        assert_eq!(size_of::<Call>(), 40);
    }

    #[test]
    fn what_is_known_of_a_call_comes_back() {
        let one = NumberHash::MIN;
        let two = NumberHash::MAX;
        let cases = [
            ("nothing", PriorCall::default(), None, None),
            (
                "everything",
                PriorCall {
                    started_at_us: 7,
                    direction: Some("inbound".into()),
                    answered: Some(false),
                    talk_s: Some(0.5),
                    callee_role: Some("unknown".into()),
                    same_number: Some(true),
                    stop_requested: Some(false),
                },
                Some(one),
                Some(one),
            ),
            ("another number", PriorCall { same_number: Some(false), ..PriorCall::default() }, Some(one), Some(two)),
            ("its number is not known", PriorCall::default(), None, Some(one)),
            ("the number of the call after it is not known", PriorCall::default(), Some(one), None),
        ];
        for (name, prior, own, other) in cases {
            let start = StartedAt { timestamp_us: prior.started_at_us, utc_offset_min: 0 };
            let call = Call { number: own, ..Call::new(1, 1, start, &prior) };
            assert_eq!(call.prior_to(other), prior, "{name}");
        }
    }

    #[test]
    fn the_number_of_a_call_is_found_by_its_id() {
        let numbered = |id: u64, number: NumberHash| Call { id, number: Some(number), ..call(7, 5) };
        let mut calls = vec![call(7, 4), numbered(2, NumberHash::MAX), numbered(1, NumberHash::MIN), call(8, 5)];
        calls.sort_unstable_by_key(Call::order);
        let start = StartedAt { timestamp_us: 5, utc_offset_min: 0 };
        let found = |customer: u64, id: u64| number_of(&calls, customer, start, id);
        assert_eq!([found(7, 1), found(7, 2)], [Some(NumberHash::MIN), Some(NumberHash::MAX)]);
        assert_eq!([found(7, 3), found(9, 1), found(8, 5)], [None; 3]);
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
