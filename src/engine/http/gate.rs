//! Where all slots pass before they ask: held while the server is away, and while it asked for a pause.

use super::breaker::{Breaker, Limits, Pass};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The gate. Times are counted from its making.
#[derive(Debug)]
pub(super) struct Gate {
    start: Instant,
    traffic: Mutex<Traffic>,
    changed: Condvar,
}

#[derive(Debug)]
struct Traffic {
    breaker: Breaker,
    paused_until: Duration,
}

/// Why a clip is turned away: it could not ask before its time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TurnedAway {
    /// The server is away.
    Unavailable,
    /// The server asked for a pause.
    Paused,
}

impl Gate {
    pub(super) fn new(limits: Limits) -> Self {
        let traffic = Traffic { breaker: Breaker::new(limits), paused_until: Duration::ZERO };
        Self { start: Instant::now(), traffic: Mutex::new(traffic), changed: Condvar::new() }
    }

    pub(super) fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// Lets `clip` ask, or turns it away as soon as it is clear that it could not before `deadline`.
    pub(super) fn enter(&self, clip: u64, deadline: Duration) -> Result<Permit<'_>, TurnedAway> {
        let mut traffic = self.lock();
        loop {
            let now = self.now();
            let (until, why) = match traffic.pass(now) {
                Told::Pass(Pass::Go) => return Ok(Permit { gate: self, clip, probe: false }),
                Told::Pass(Pass::Probe) => return Ok(Permit { gate: self, clip, probe: true }),
                Told::Pass(Pass::Unavailable) => return Err(TurnedAway::Unavailable),
                Told::Pass(Pass::WaitUntil(until)) => (Some(until), TurnedAway::Unavailable),
                Told::Pass(Pass::WaitForProbe) => (None, TurnedAway::Unavailable),
                Told::PausedUntil(until) => (Some(until), TurnedAway::Paused),
            };
            if until.unwrap_or(now) >= deadline {
                return Err(why);
            }
            // Whoever waits for a probe is woken by it.
            let wait = until.unwrap_or(deadline).saturating_sub(now);
            traffic = self.changed.wait_timeout(traffic, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is known, and wakes those who wait.
    fn change(&self, change: impl FnOnce(&mut Traffic, Duration)) {
        change(&mut self.lock(), self.now());
        self.changed.notify_all();
    }
}

enum Told {
    Pass(Pass),
    PausedUntil(Duration),
}

impl Traffic {
    fn pass(&mut self, now: Duration) -> Told {
        if now < self.paused_until { Told::PausedUntil(self.paused_until) } else { Told::Pass(self.breaker.pass(now)) }
    }
}

/// Leave to ask once; says how that went, or that it cannot be told.
#[derive(Debug)]
pub(super) struct Permit<'g> {
    gate: &'g Gate,
    clip: u64,
    probe: bool,
}

impl Permit<'_> {
    /// The server answered, whatever it said.
    pub(super) fn answered(mut self) {
        self.probe = false;
        self.gate.change(|traffic, _| traffic.breaker.answered());
    }

    /// The server answered that it wants nothing from anyone for `pause`.
    pub(super) fn paused(mut self, pause: Duration) {
        self.probe = false;
        self.gate.change(|traffic, now| {
            traffic.breaker.answered();
            traffic.paused_until = traffic.paused_until.max(now + pause);
        });
    }

    /// The server is ill.
    pub(super) fn ailing(mut self) {
        self.probe = false;
        let clip = self.clip;
        self.gate.change(|traffic, now| traffic.breaker.ailing(clip, now));
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.probe {
            self.gate.change(|traffic, now| traffic.breaker.abandoned(now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits =
        Limits { failures: 1, cool_down: Duration::from_secs(3_600), give_up_after: Duration::from_secs(7_200) };

    #[test]
    fn a_clip_is_turned_away_at_once_where_waiting_is_in_vain() {
        let deadline = Duration::from_secs(60);
        let gate = Gate::new(LIMITS);
        gate.enter(1, deadline).expect("leave").paused(Duration::from_secs(120));
        assert_eq!(gate.enter(2, deadline).err(), Some(TurnedAway::Paused));
        let gate = Gate::new(LIMITS);
        gate.enter(1, deadline).expect("leave").ailing();
        assert_eq!(gate.enter(2, deadline).err(), Some(TurnedAway::Unavailable));
    }

    #[test]
    fn a_pause_holds_and_ends() {
        let gate = Gate::new(LIMITS);
        let pause = Duration::from_millis(30);
        gate.enter(1, Duration::from_secs(60)).expect("leave").paused(pause);
        gate.enter(2, Duration::from_secs(60)).expect("leave after the pause").answered();
        assert!(gate.now() >= pause);
    }

    #[test]
    fn those_who_wait_for_a_probe_go_when_it_is_back() {
        let limits = Limits { cool_down: Duration::ZERO, ..LIMITS };
        let gate = Gate::new(limits);
        let deadline = Duration::from_secs(60);
        gate.enter(1, deadline).expect("leave").ailing();
        let probe = gate.enter(2, deadline).expect("the probe");
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| gate.enter(3, deadline).map(Permit::answered));
            assert!(gate.enter(4, gate.now()).is_err(), "no time to wait for the probe");
            probe.answered();
            assert_eq!(waiting.join().expect("no panic"), Ok(()));
        });
    }
}
