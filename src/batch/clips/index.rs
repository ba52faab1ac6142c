//! The index of the clips: a CSV file, gravest findings first.

use super::choice::Wanted;
use crate::recording::StartedAt;
use crate::tables::{CSV_START, csv_cell};
use crate::units::Role;

/// The name of the index.
pub const INDEX: &str = "clips.csv";

/// Its columns.
const COLUMNS: [&str; 24] = [
    "clip",
    "clip_sha256",
    "call_id",
    "finding_id",
    "rule",
    "revision",
    "rule_status",
    "severity",
    "excused_by",
    "message",
    "quote",
    "started_at",
    "start_ms",
    "end_ms",
    "clip_start_ms",
    "clip_end_ms",
    "role",
    "channel",
    "channels",
    "rate_hz",
    "muted_channel",
    "not_muted_because",
    "recording",
    "file_sha256",
];

/// A clip that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clip {
    /// Its file.
    pub name: String,
    /// SHA-256 of it, lower-case hex.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Where it ends in the recording.
    pub end_ms: i64,
    pub muted: Muted,
}

/// Which channel of a clip was silenced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Muted {
    /// None: nobody asked for it.
    No,
    /// This one.
    Channel(u16),
    /// None, though it was asked for: both are on one.
    OneChannel,
    /// None, though it was asked for: nobody knows who is meant, or on which channel.
    Unknown,
}

impl Muted {
    /// What is silenced of a recording of `channels` channels so that the finding's own is left.
    pub(super) const fn other_of(channel: Option<u16>, channels: u16) -> Self {
        match (channels, channel) {
            (0 | 1, _) => Self::OneChannel,
            (2, Some(own @ (0 | 1))) => Self::Channel(1 - own),
            _ => Self::Unknown,
        }
    }

    pub(super) const fn channel(self) -> Option<u16> {
        if let Self::Channel(channel) = self { Some(channel) } else { None }
    }

    /// Why nothing was silenced though it was asked for; empty otherwise.
    pub(super) const fn why_not(self) -> &'static str {
        match self {
            Self::No | Self::Channel(_) => "",
            Self::OneChannel => "one_channel",
            Self::Unknown => "channel_unknown",
        }
    }
}

/// The index of these clips.
pub(super) fn index<'a>(clips: impl IntoIterator<Item = (&'a Wanted, &'a Clip)>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(CSV_START.as_bytes().to_vec());
    // Writing to memory cannot fail, and all rows have a cell for each column.
    let _ = writer.write_record(COLUMNS);
    for (wanted, clip) in clips {
        let _ = writer.write_record(row(wanted, clip).iter().map(|cell| csv_cell(cell).into_owned()));
    }
    writer.into_inner().unwrap_or_default()
}

fn row(wanted: &Wanted, clip: &Clip) -> [String; COLUMNS.len()] {
    let Wanted { finding, call, span, channel, .. } = wanted;
    let (rate_hz, channels) = wanted.shape();
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        clip.name.clone(),
        clip.sha256.clone(),
        call.call_id.clone(),
        finding.finding_id.clone(),
        finding.rule.clone(),
        finding.revision.to_string(),
        finding.status.name().to_owned(),
        finding.severity.name().to_owned(),
        text(&finding.excused_by),
        finding.message.clone(),
        finding.quote.clone(),
        call.started_at.map(iso).unwrap_or_default(),
        number(finding.start_ms),
        number(finding.end_ms),
        span.start_ms.to_string(),
        clip.end_ms.to_string(),
        finding.role.map_or("", Role::name).to_owned(),
        number(channel.map(i64::from)),
        channels.to_string(),
        rate_hz.to_string(),
        number(clip.muted.channel().map(i64::from)),
        clip.muted.why_not().to_owned(),
        text(&call.recording),
        text(&call.file_sha256),
    ]
}

/// When a call started, by its own clock, with the offset, to the second.
fn iso(started_at: StartedAt) -> String {
    let (minutes, sign) =
        (started_at.utc_offset_min.unsigned_abs(), if started_at.utc_offset_min < 0 { '-' } else { '+' });
    let local = started_at.local(0).strftime("%Y-%m-%dT%H:%M:%S");
    format!("{local}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_told_by_the_calls_own_clock() {
        // 2026-11-20T14:30:00Z, as `date -u -d` says.
        let timestamp_us = 1_795_185_000_000_000;
        let cases =
            [(480, "2026-11-20T22:30:00+08:00"), (0, "2026-11-20T14:30:00+00:00"), (-210, "2026-11-20T11:00:00-03:30")];
        for (utc_offset_min, text) in cases {
            assert_eq!(iso(StartedAt { timestamp_us, utc_offset_min }), text);
        }
    }

    #[test]
    fn the_other_of_two_is_silenced() {
        let cases = [
            (Some(0), 2, Muted::Channel(1)),
            (Some(1), 2, Muted::Channel(0)),
            (None, 2, Muted::Unknown),
            (Some(2), 2, Muted::Unknown),
            (Some(0), 1, Muted::OneChannel),
            (None, 1, Muted::OneChannel),
        ];
        for (channel, channels, expected) in cases {
            assert_eq!(Muted::other_of(channel, channels), expected, "{channel:?} of {channels}");
        }
    }
}
