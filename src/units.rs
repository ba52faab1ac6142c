//! Units and conventions that every module shares: levels, frequencies, spans of time, who speaks.

use std::fmt;

/// A level in decibels relative to full scale; a full-scale square wave is 0 dBFS.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Dbfs(pub f32);

impl Dbfs {
    /// The level that silence reads: lower than any 16-bit sample can be.
    pub const SILENCE: Self = Self(-120.0);

    /// The level of a mean square amplitude, full scale being 1; never under [`Dbfs::SILENCE`].
    ///
    /// ```
    /// use callsift::units::Dbfs;
    /// assert_eq!(Dbfs::from_mean_square(1.0), Dbfs(0.0));
    /// assert_eq!(Dbfs::from_mean_square(0.0), Dbfs::SILENCE);
    /// ```
    #[must_use]
    pub fn from_mean_square(mean_square: f64) -> Self {
        Self((10.0 * mean_square.log10()).max(f64::from(Self::SILENCE.0)) as f32)
    }
}

/// A frequency in hertz.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Hz(pub f32);

/// The longest recording that is believed, ms: a week. No time in a transcript or a leg is later.
pub const LONGEST_RECORDING_MS: i64 = 7 * 24 * 3_600_000;

/// A half-open span of a recording's time, in milliseconds from its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First millisecond of the span.
    pub start_ms: i64,
    /// First millisecond after the span.
    pub end_ms: i64,
}

impl Span {
    /// The span from `start_ms` to `end_ms`.
    #[must_use]
    pub const fn new(start_ms: i64, end_ms: i64) -> Self {
        Self { start_ms, end_ms }
    }

    /// Its length in milliseconds; a span that ends before it starts has length 0.
    #[must_use]
    pub const fn length_ms(self) -> i64 {
        if self.end_ms > self.start_ms { self.end_ms - self.start_ms } else { 0 }
    }

    /// How many milliseconds of it lie in `other` too.
    ///
    /// ```
    /// use callsift::units::Span;
    /// assert_eq!(Span::new(0, 500).overlap_ms(Span::new(300, 900)), 200);
    /// assert_eq!(Span::new(0, 500).overlap_ms(Span::new(600, 900)), 0);
    /// ```
    #[must_use]
    pub fn overlap_ms(self, other: Self) -> i64 {
        (self.end_ms.min(other.end_ms) - self.start_ms.max(other.start_ms)).max(0)
    }
}

/// A place in a recording as people read it, minutes and seconds: `1:05`, `61:02`. Negative places read `0:00`.
#[must_use]
pub fn clock(ms: i64) -> String {
    let s = ms.max(0) / 1_000;
    format!("{}:{:02}", s / 60, s % 60)
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Role {
    /// The person at the contact centre.
    Agent,
    /// The person the centre serves or calls.
    Customer,
    /// A machine: a voice robot, an IVR, an announcement.
    Bot,
    /// A further person.
    Third,
    /// Nobody said who.
    Unknown,
}

impl Role {
    /// All roles, in the order of their names in tables.
    pub const ALL: [Self; 5] = [Self::Agent, Self::Customer, Self::Bot, Self::Third, Self::Unknown];

    /// Its name in files and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Customer => "customer",
            Self::Bot => "bot",
            Self::Third => "third",
            Self::Unknown => "unknown",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_a_recording_read_well() {
        let cases = [(-1, "0:00"), (0, "0:00"), (7_999, "0:07"), (65_000, "1:05"), (3_662_000, "61:02")];
        for (ms, expected) in cases {
            assert_eq!(clock(ms), expected, "{ms}");
        }
    }
}
