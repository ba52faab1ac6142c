//! The circuit breaker: what is known of the server's health, and who may ask it.

use std::time::Duration;

/// When the server is left alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// After so many clips failed with no answer between them.
    pub(super) failures: usize,
    /// For so long, then one clip tries it.
    pub(super) cool_down: Duration,
    /// After so long, clips no longer wait for it.
    pub(super) give_up_after: Duration,
}

/// What a clip may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// Ask.
    Go,
    /// Ask, as the one that finds out how the server is.
    Probe,
    /// Wait until this time.
    WaitUntil(Duration),
    /// Wait until the probe is back.
    WaitForProbe,
    /// The server has been away for too long.
    Unavailable,
}

/// The breaker. It has no clock: every `now` is the time since some start.
#[derive(Debug)]
pub(super) struct Breaker {
    limits: Limits,
    state: State,
}

#[derive(Debug)]
enum State {
    /// All may ask; these clips failed since the last answer.
    Closed { failed: Vec<u64> },
    /// Nobody may ask before `until`. The server has been away since `since`.
    Open { since: Duration, until: Duration },
    /// One clip is asking.
    Probing { since: Duration },
}

impl Breaker {
    pub(super) const fn new(limits: Limits) -> Self {
        Self { limits, state: State::Closed { failed: Vec::new() } }
    }

    /// What a clip that comes at `now` may do. One that is told to probe must come back with how that went.
    pub(super) fn pass(&mut self, now: Duration) -> Pass {
        let tired = |since: Duration| now.saturating_sub(since) >= self.limits.give_up_after;
        match self.state {
            State::Closed { .. } => Pass::Go,
            State::Open { since, until } if now >= until => {
                self.state = State::Probing { since };
                Pass::Probe
            }
            State::Open { since, .. } | State::Probing { since } if tired(since) => Pass::Unavailable,
            State::Open { until, .. } => Pass::WaitUntil(until),
            State::Probing { .. } => Pass::WaitForProbe,
        }
    }

    /// The server answered: it is there, whatever it said.
    pub(super) fn answered(&mut self) {
        self.state = State::Closed { failed: Vec::new() };
    }

    /// `clip` found the server ill at `now`.
    pub(super) fn ailing(&mut self, clip: u64, now: Duration) {
        let until = now + self.limits.cool_down;
        match &mut self.state {
            State::Closed { failed } => {
                if !failed.contains(&clip) {
                    failed.push(clip);
                }
                if failed.len() >= self.limits.failures {
                    self.state = State::Open { since: now, until };
                }
            }
            State::Probing { since } => self.state = State::Open { since: *since, until },
            // Asked before it opened.
            State::Open { .. } => {}
        }
    }

    /// The probe did not find out; the next clip may.
    pub(super) fn abandoned(&mut self, now: Duration) {
        if let State::Probing { since } = self.state {
            self.state = State::Open { since, until: now };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happens, and what a clip is told.
    enum Step {
        Ailing(u64),
        Answered,
        Abandoned,
        Told(Pass),
    }
    use Step::{Abandoned, Ailing, Answered, Told};

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn it_opens_probes_and_closes() {
        let until = |seconds| Told(Pass::WaitUntil(s(seconds)));
        let cases: [(&str, &[(u64, Step)]); 8] = [
            ("below the limit", &[(0, Ailing(1)), (0, Ailing(2)), (0, Told(Pass::Go))]),
            ("one clip is one failure", &[(0, Ailing(1)), (1, Ailing(1)), (2, Ailing(1)), (3, Told(Pass::Go))]),
            (
                "an answer begins anew",
                &[(0, Ailing(1)), (0, Ailing(2)), (1, Answered), (1, Ailing(3)), (1, Told(Pass::Go))],
            ),
            (
                "the third clip opens it, one probes, the others wait, an answer closes it",
                &[
                    (0, Ailing(1)),
                    (0, Ailing(2)),
                    (5, Ailing(3)),
                    (6, until(15)),
                    (6, Ailing(4)),
                    (14, until(15)),
                    (15, Told(Pass::Probe)),
                    (15, Told(Pass::WaitForProbe)),
                    (16, Answered),
                    (16, Told(Pass::Go)),
                ],
            ),
            (
                "a probe that fails opens it again, whichever clip it was",
                &[
                    (0, Ailing(1)),
                    (0, Ailing(2)),
                    (0, Ailing(3)),
                    (10, Told(Pass::Probe)),
                    (11, Ailing(1)),
                    (12, until(21)),
                    (21, Told(Pass::Probe)),
                ],
            ),
            (
                "past the limit clips are turned away, but for one in each cool-down",
                &[
                    (0, Ailing(1)),
                    (0, Ailing(2)),
                    (0, Ailing(3)),
                    (58, Told(Pass::Probe)),
                    (59, Ailing(4)),
                    (59, until(69)),
                    (60, Told(Pass::Unavailable)),
                    (69, Told(Pass::Probe)),
                    (69, Told(Pass::Unavailable)),
                    (70, Answered),
                    (70, Told(Pass::Go)),
                ],
            ),
            (
                "a probe that never comes back is followed by another",
                &[
                    (0, Ailing(1)),
                    (0, Ailing(2)),
                    (0, Ailing(3)),
                    (10, Told(Pass::Probe)),
                    (12, Abandoned),
                    (12, Told(Pass::Probe)),
                ],
            ),
            ("nothing to abandon", &[(0, Abandoned), (0, Told(Pass::Go))]),
        ];
        for (name, steps) in cases {
            let mut breaker = Breaker::new(Limits { failures: 3, cool_down: s(10), give_up_after: s(60) });
            for (index, (at, step)) in steps.iter().enumerate() {
                match step {
                    Ailing(clip) => breaker.ailing(*clip, s(*at)),
                    Answered => breaker.answered(),
                    Abandoned => breaker.abandoned(s(*at)),
                    Told(pass) => assert_eq!(breaker.pass(s(*at)), *pass, "{name}, step {index}"),
                }
            }
        }
    }
}
