//! Which attempt a call came of.

use super::attempts::Attempt;
use super::calls::Call;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How far a call may start outside the time from ring to end, µs: clocks of dialler and recorder differ by seconds.
const SLACK_US: i64 = 5_000_000;

/// Attempts and the calls that came of them; each is in one pair at most.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    call_of: Vec<Option<u32>>,
    has_attempt: Vec<bool>,
}

impl Pairs {
    /// Pairs `calls` and `attempts`, both in their order: by call id, else by customer where the call starts from 5 s
    /// before the ring to 5 s after the end. Attempts that were answered come first.
    pub(super) fn of(calls: &[Call], attempts: &[Attempt]) -> Self {
        let mut pairs = Self { call_of: vec![None; attempts.len()], has_attempt: vec![false; calls.len()] };
        pairs.by_id(calls, attempts);
        pairs.by_time(calls, attempts);
        pairs
    }

    /// The place of the call that came of the attempt at this place.
    pub(super) fn call_of(&self, attempt: usize) -> Option<usize> {
        self.call_of[attempt].map(|call| call as usize)
    }

    /// Whether the call at this place came of an attempt.
    pub(super) fn has_attempt(&self, call: usize) -> bool {
        self.has_attempt[call]
    }

    fn join(&mut self, attempt: usize, call: usize) {
        self.call_of[attempt] = Some(call as u32);
        self.has_attempt[call] = true;
    }

    fn by_id(&mut self, calls: &[Call], attempts: &[Attempt]) {
        if attempts.iter().all(|attempt| attempt.call_id == 0) {
            return;
        }
        let mut ids: Vec<(u64, u32)> = calls.iter().zip(0..).map(|(call, place)| (call.id, place)).collect();
        ids.sort_unstable();
        for answered in [true, false] {
            let asked = |attempt: &Attempt| attempt.call_id != 0 && attempt.answered == answered;
            for (number, attempt) in attempts.iter().enumerate().filter(|(_, attempt)| asked(attempt)) {
                let first = ids.partition_point(|(id, _)| *id < attempt.call_id);
                if let Some(&(id, call)) = ids.get(first)
                    && id == attempt.call_id
                    && !self.has_attempt[call as usize]
                {
                    self.join(number, call as usize);
                }
            }
        }
    }

    /// Customer by customer; both lists are sorted by customer.
    fn by_time(&mut self, calls: &[Call], attempts: &[Attempt]) {
        let mut start = attempts.partition_point(|attempt| attempt.customer == 0);
        while let Some(first) = attempts.get(start) {
            let customer = first.customer;
            let end = start + attempts[start..].partition_point(|attempt| attempt.customer == customer);
            let from = calls.partition_point(|call| call.customer < customer);
            let to = from + calls[from..].partition_point(|call| call.customer == customer);
            for answered in [true, false] {
                self.sweep((calls, from..to), (attempts, start..end), answered);
            }
            start = end;
        }
    }

    /// One customer's calls by start: each takes, of the attempts that it fits, the one that ends first, which leaves the
    /// most to the calls after it.
    fn sweep(
        &mut self,
        (calls, of_calls): (&[Call], std::ops::Range<usize>),
        (attempts, of_attempts): (&[Attempt], std::ops::Range<usize>),
        answered: bool,
    ) {
        let free = |number: &usize| self.call_of[*number].is_none() && attempts[*number].answered == answered;
        let waiting: Vec<usize> = of_attempts.filter(free).collect();
        let mut waiting = waiting.into_iter().peekable();
        let mut open: BinaryHeap<Reverse<(i64, usize)>> = BinaryHeap::new();
        for call in of_calls {
            let start_us = calls[call].start_us;
            if self.has_attempt[call] {
                continue;
            }
            let rings = |number: &usize| attempts[*number].ring_at.timestamp_us.saturating_sub(SLACK_US) <= start_us;
            while let Some(number) = waiting.next_if(rings) {
                open.push(Reverse((attempts[number].end_us.saturating_add(SLACK_US), number)));
            }
            while open.peek().is_some_and(|Reverse((end_us, _))| *end_us < start_us) {
                open.pop();
            }
            if let Some(Reverse((_, number))) = open.pop() {
                self.join(number, call);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{PriorCall, StartedAt};

    fn at(s: f64) -> StartedAt {
        StartedAt { timestamp_us: (s * 1e6) as i64, utc_offset_min: 0 }
    }

    fn call(id: u64, customer: u64, s: f64) -> Call {
        Call::new(id, customer, at(s), &PriorCall::default())
    }

    /// Call id, customer, ring and end in seconds, answered.
    fn attempt((call_id, customer, ring_s, end_s, answered): (u64, u64, f64, f64, bool)) -> Attempt {
        let end_us = at(end_s).timestamp_us;
        Attempt {
            customer,
            call_id,
            ring_at: at(ring_s),
            end_us,
            answered,
            talk_s: f32::NAN,
            callee_role: None,
            number: None,
            stop_requested: None,
            agency: 0,
        }
    }

    #[test]
    fn pairs_worked_out_on_paper() {
        type Case = (&'static str, Vec<(u64, u64, f64)>, Vec<(u64, u64, f64, f64, bool)>, Vec<Option<u64>>);
        let cases: Vec<Case> = vec![
            ("five seconds before the ring", vec![(1, 7, 95.0)], vec![(0, 7, 100.0, 160.0, true)], vec![Some(1)]),
            ("a moment earlier", vec![(1, 7, 94.999_999)], vec![(0, 7, 100.0, 160.0, true)], vec![None]),
            ("five seconds after the end", vec![(1, 7, 165.0)], vec![(0, 7, 100.0, 160.0, true)], vec![Some(1)]),
            ("a moment later", vec![(1, 7, 165.000_001)], vec![(0, 7, 100.0, 160.0, true)], vec![None]),
            ("another customer", vec![(1, 8, 100.0)], vec![(0, 7, 100.0, 160.0, true)], vec![None]),
            ("the id beats customer and time", vec![(1, 8, 900.0)], vec![(1, 7, 100.0, 160.0, true)], vec![Some(1)]),
            ("an unknown id falls back on time", vec![(1, 7, 100.0)], vec![(9, 7, 100.0, 160.0, true)], vec![Some(1)]),
            ("no customer, no id", vec![(1, 0, 100.0)], vec![(9, 0, 100.0, 160.0, true)], vec![None]),
            (
                "the answered attempt, although the other rang first",
                vec![(1, 7, 134.0)],
                vec![(0, 7, 100.0, 130.0, false), (0, 7, 133.0, 300.0, true)],
                vec![None, Some(1)],
            ),
            (
                "a call takes one attempt, an attempt one call",
                vec![(1, 7, 100.0), (2, 7, 101.0)],
                vec![(0, 7, 99.0, 160.0, true)],
                vec![Some(1)],
            ),
            (
                "the attempt that ends first is taken first",
                vec![(1, 7, 110.0), (2, 7, 190.0)],
                vec![(0, 7, 100.0, 200.0, true), (0, 7, 105.0, 120.0, true)],
                vec![Some(2), Some(1)],
            ),
            (
                "two attempts of one id: the answered one",
                vec![(1, 7, 100.0)],
                vec![(1, 7, 90.0, 95.0, false), (1, 7, 99.0, 160.0, true)],
                vec![None, Some(1)],
            ),
        ];
        for (name, calls, attempts, expected) in cases {
            let mut calls: Vec<Call> = calls.into_iter().map(|(id, customer, s)| call(id, customer, s)).collect();
            calls.sort_unstable_by_key(Call::order);
            let attempts: Vec<Attempt> = attempts.into_iter().map(attempt).collect();
            let pairs = Pairs::of(&calls, &attempts);
            let found: Vec<Option<u64>> =
                (0..attempts.len()).map(|number| pairs.call_of(number).map(|call| calls[call].id)).collect();
            assert_eq!(found, expected, "{name}");
            let paired = (0..calls.len()).filter(|call| pairs.has_attempt(*call)).count();
            assert_eq!(paired, expected.iter().flatten().count(), "{name}");
        }
    }
}
