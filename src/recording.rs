//! A recording to inspect: its identity, where it is, which channel is whose and what is known of
//! the call; never samples.

mod leg;

pub(crate) use leg::leg_at;
pub use leg::{Clash, Leg, Party, settle};

use crate::units::Role;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One call to inspect. At least one of `audio` and `transcript` is given, or it cannot be judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The manifest's id, or the path relative to its input, `/`-separated, personal digits masked.
    pub call_id: String,
    /// Where the recording is; none for a transcript alone.
    pub audio: Option<PathBuf>,
    /// Where its saved transcript is.
    pub transcript: Option<PathBuf>,
    /// The recording's name as it may be shown: relative, `/`-separated, personal digits masked.
    pub shown_as: Option<String>,
    /// Which channel the agent speaks on, 0-based.
    pub agent_channel: u16,
    /// What is known of the call besides its sound and words.
    pub metadata: Metadata,
    /// Calls with the same customer that started before this one, by start.
    pub prior_calls: Vec<PriorCall>,
    /// Who or what is on which side when, as [`settle`] puts them; empty where nobody says.
    pub legs: Vec<Leg>,
}

/// How many days back an earlier call of the same customer matters: the longest window of any rule on the number of
/// calls.
pub const PRIOR_DAYS: i64 = 30;

/// An earlier call with the same customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PriorCall {
    /// When it started, microseconds since 1970 UTC.
    pub started_at_us: i64,
    /// `inbound` or `outbound`.
    pub direction: Option<String>,
    /// Whether it was answered.
    pub answered: Option<bool>,
    /// Seconds of talk.
    pub talk_s: Option<f32>,
    /// Who was called, seen from the debt: one of the values of [`Metadata::callee_role`].
    pub callee_role: Option<String>,
    /// Whether it was to the same phone number as the call that it came before; `None` where one of the two is not known.
    pub same_number: Option<bool>,
    /// Whether the one who was called asked not to be called again; `None` where nobody says.
    pub stop_requested: Option<bool>,
}

impl Recording {
    /// A call of which nothing but its id is known; the agent is on channel 0.
    #[must_use]
    pub fn named(call_id: impl Into<String>) -> Self {
        Self {
            call_id: call_id.into(),
            audio: None,
            transcript: None,
            shown_as: None,
            agent_channel: 0,
            metadata: Metadata::default(),
            prior_calls: Vec::new(),
            legs: Vec::new(),
        }
    }

    /// Whose channel `channel` is in a recording of `channels` channels: with two, the agent's and
    /// the customer's; with one, nobody knows.
    #[must_use]
    pub fn role_of_channel(&self, channel: u16, channels: u16) -> Role {
        match channels {
            2 if channel == self.agent_channel => Role::Agent,
            2 => Role::Customer,
            _ => Role::Unknown,
        }
    }
}

/// When a call started, and how far its clock is from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StartedAt {
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub timestamp_us: i64,
    /// Minutes that local time is ahead of UTC.
    pub utc_offset_min: i32,
}

impl StartedAt {
    /// The local date and time of day, `after_ms` milliseconds into the call.
    ///
    /// Times out of jiff's range (years -9999 to 9999) read the nearest representable one.
    #[must_use]
    pub fn local(self, after_ms: i64) -> jiff::civil::DateTime {
        let local_us = self
            .timestamp_us
            .saturating_add(after_ms.saturating_mul(1_000))
            .saturating_add(i64::from(self.utc_offset_min) * 60_000_000);
        let bounded = local_us.clamp(jiff::Timestamp::MIN.as_microsecond(), jiff::Timestamp::MAX.as_microsecond());
        jiff::Timestamp::from_microsecond(bounded)
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned(jiff::tz::TimeZone::UTC)
            .datetime()
    }

    /// The local date the call started on: the partition of every table.
    #[must_use]
    pub fn local_date(self) -> Date {
        self.local(0).date()
    }
}

/// What a manifest says of a call. Empty cells are `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Metadata {
    /// When the call started.
    pub started_at: Option<StartedAt>,
    /// Who spoke for the centre.
    pub agent_id: Option<String>,
    /// The agent's team.
    pub team: Option<String>,
    /// Whom the call was with.
    pub customer_id: Option<String>,
    /// Who answered, seen from the debt: `debtor`, `guarantor`, `co_debtor`, `related_third`, `unrelated_third`, `unknown`.
    pub callee_role: Option<String>,
    /// The customer's time zone, an IANA name.
    pub customer_zone: Option<String>,
    /// The queue or skill group.
    pub queue: Option<String>,
    /// The product the call was about.
    pub product: Option<String>,
    /// The stage of the case, such as `M1` or `filed`.
    pub stage: Option<String>,
    /// `inbound` or `outbound`.
    pub direction: Option<String>,
    /// Who hung up: `agent`, `customer` or `system`.
    pub ended_by: Option<String>,
    /// Language as a BCP 47 tag, such as `zh`.
    pub language: Option<String>,
    /// Every further column of the manifest.
    pub extra: BTreeMap<String, String>,
}

impl Metadata {
    /// The value of the text column `name`, own or further; `None` where it is empty or unknown.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&str> {
        let own = match name {
            "agent_id" => &self.agent_id,
            "team" => &self.team,
            "customer_id" => &self.customer_id,
            "callee_role" => &self.callee_role,
            "customer_zone" => &self.customer_zone,
            "queue" => &self.queue,
            "product" => &self.product,
            "stage" => &self.stage,
            "direction" => &self.direction,
            "ended_by" => &self.ended_by,
            "language" => &self.language,
            other => return self.extra.get(other).map(String::as_str).filter(|value| !value.is_empty()),
        };
        own.as_deref()
    }

    /// Fills the text column `name`, own or further.
    pub fn set_column(&mut self, name: &str, value: String) {
        let own = match name {
            "agent_id" => &mut self.agent_id,
            "team" => &mut self.team,
            "customer_id" => &mut self.customer_id,
            "callee_role" => &mut self.callee_role,
            "customer_zone" => &mut self.customer_zone,
            "queue" => &mut self.queue,
            "product" => &mut self.product,
            "stage" => &mut self.stage,
            "direction" => &mut self.direction,
            "ended_by" => &mut self.ended_by,
            "language" => &mut self.language,
            further => {
                self.extra.insert(further.to_owned(), value);
                return;
            }
        };
        *own = Some(value);
    }

    /// Whether the column `name` is filled; `started_at` counts as a column.
    #[must_use]
    pub fn has_column(&self, name: &str) -> bool {
        if name == "started_at" { self.started_at.is_some() } else { self.column(name).is_some() }
    }
}
