//! Values of arguments.

use super::engine::CommandLine;
use super::worker::Heartbeat;
use crate::engine::{EngineName, command_words};
use crate::finding::Severity;
use crate::rules::InForce;
use crate::transcript::import::Format;
use crate::units::Role;
use crate::worklist::{Shard, agent_channel};
use crate::written::nearest::{did_you_mean, one_of};
use clap::ValueEnum;
use jiff::tz::TimeZone;
use std::time::Duration;

/// How tables are described.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SchemaFormat {
    /// Lists for people
    Text,
    /// One JSON object a table and line
    Json,
    /// The page docs/tables.md
    Markdown,
}

/// Languages whose entities are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum EntityLanguage {
    /// Chinese
    Zh,
}

/// Files that people write, and that an editor can check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SchemaOf {
    /// A rule
    Rule,
    /// A list of words
    List,
    /// pack.toml
    Pack,
    /// scorecard.toml
    Scorecard,
    /// overrides.toml
    Overrides,
    /// sets.toml
    Sets,
    /// whitelist.toml
    Whitelist,
}

/// When to draw a progress bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Progress {
    /// On a terminal
    Auto,
    /// Never
    Never,
}

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

/// How a comparison is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ListFormat {
    /// For people
    Text,
    /// One JSON object: what it comes to
    Json,
    /// One JSON object a line
    Jsonl,
}

/// When to print in colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Colours {
    /// On a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How a summary is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SummaryFormat {
    /// For people
    Text,
    /// One JSON object
    Json,
}

/// How many failed recordings a run tolerates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::cli) enum Tolerance {
    Share(f64),
    Count(usize),
}

impl Tolerance {
    /// Whether `failed` of `calls` are tolerated.
    pub(in crate::cli) fn allows(self, failed: usize, calls: usize) -> bool {
        match self {
            Self::Share(share) => failed as f64 <= share * calls as f64,
            Self::Count(count) => failed <= count,
        }
    }
}

pub(super) fn tolerance(text: &str) -> Result<Tolerance, String> {
    let way_out = || format!("{text:?} is neither a share such as 0.5% nor a count");
    match text.strip_suffix('%') {
        Some(percent) => match percent.trim().parse::<f64>() {
            Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Tolerance::Share(percent / 100.0)),
            _ => Err(way_out()),
        },
        None => text.parse().map(Tolerance::Count).map_err(|_| way_out()),
    }
}

pub(super) fn in_force(text: &str) -> Result<InForce, String> {
    match text {
        "ignore" => Ok(InForce::Ignore),
        "own-day" => Ok(InForce::OwnDay),
        day => day
            .parse()
            .map(InForce::On)
            .map_err(|_| format!("write ignore, own-day or a day such as 2026-11-20, not {text:?}")),
    }
}

/// A size such as 300MB, 1.5 GB or 512MiB, in bytes.
pub(super) fn size_bytes(text: &str) -> Result<u64, String> {
    let refused = || format!("write a size such as 300MB or 2GB, not {text:?}");
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text[number.len()..].to_ascii_lowercase().as_str() {
        "mb" => 1e6,
        "gb" => 1e9,
        "mib" => f64::from(1 << 20),
        "gib" => f64::from(1 << 30),
        _ => return Err(refused()),
    };
    let number: f64 = number.trim_end().parse().map_err(|_| refused())?;
    // More than any machine has is as much as there is.
    if number > 0.0 && number.is_finite() { Ok((number * factor) as u64) } else { Err(refused()) }
}

pub(super) fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| {
        let known: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
        let hint = did_you_mean(name, known.iter().map(String::as_str));
        format!("no zone of the IANA data base; {hint} write it like Asia/Shanghai").replace("  ", " ")
    })
}

/// What says in a job of Kubernetes and of Slurm which of its processes this is.
const PLACES_IN_A_JOB: [&str; 2] = ["JOB_COMPLETION_INDEX", "SLURM_ARRAY_TASK_ID"];

/// A share such as 0/4, or auto/4 for that of this process in its job.
pub(super) fn shard(text: &str) -> Result<Shard, String> {
    shard_in(text, |name| std::env::var(name).ok())
}

fn shard_in(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Shard, String> {
    let Some(count) = text.strip_prefix("auto/") else { return text.parse() };
    let found = PLACES_IN_A_JOB.into_iter().find_map(|name| Some((name, variable(name)?)));
    let (name, index) = found.ok_or_else(|| format!("neither {} is set", PLACES_IN_A_JOB.join(" nor ")))?;
    format!("{index}/{count}").parse().map_err(|why| format!("{name} is {index:?}: {why}"))
}

pub(super) fn channel(text: &str) -> Result<u16, String> {
    agent_channel(text).ok_or_else(|| "write 0, 1, left or right".into())
}

pub(super) fn engine(name: &str) -> Result<EngineName, String> {
    let found = EngineName::ALL.iter().find(|(known, _)| *known == name).map(|&(_, engine)| engine);
    found.ok_or_else(|| one_of(name, EngineName::ALL.map(|(name, _)| name)))
}

pub(super) fn command_line(line: &str) -> Result<CommandLine, String> {
    command_words(line).map(CommandLine)
}

/// A length of time such as 90s, 10m, 12h or 30d.
pub(super) fn age(text: &str) -> Result<Duration, String> {
    let units = [("s", 1), ("min", 60), ("m", 60), ("h", 3_600), ("d", 86_400)];
    let parsed = units.into_iter().find_map(|(unit, seconds)| {
        let count: u64 = text.strip_suffix(unit)?.trim().parse().ok()?;
        count.checked_mul(seconds).filter(|seconds| *seconds > 0)
    });
    parsed.map(Duration::from_secs).ok_or_else(|| format!("{text:?} is no time; write it like 90s, 10m, 12h or 30d"))
}

/// A length of time as above, or none.
pub(super) fn heartbeat(text: &str) -> Result<Heartbeat, String> {
    if matches!(text, "0" | "0s") { Ok(Heartbeat(None)) } else { Ok(Heartbeat(Some(age(text)?))) }
}

/// Sound around a finding: a length of time as above, or none, in milliseconds.
pub(super) fn pad_ms(text: &str) -> Result<i64, String> {
    if matches!(text, "0" | "0s") { Ok(0) } else { length_ms(text) }
}

/// A length of time as above, in milliseconds.
pub(super) fn length_ms(text: &str) -> Result<i64, String> {
    let length = age(text)?;
    i64::try_from(length.as_millis()).map_err(|_| format!("{text:?} is longer than any recording"))
}

pub(super) fn severity(name: &str) -> Result<Severity, String> {
    let found = Severity::ALL.into_iter().find(|severity| severity.name() == name);
    found.ok_or_else(|| format!("write one of {}", Severity::ALL.map(Severity::name).join(", ")))
}

pub(super) fn transcript_format(name: &str) -> Result<Format, String> {
    Format::from_name(name).ok_or_else(|| one_of(name, Format::ALL.map(Format::name)))
}

pub(super) fn side(name: &str) -> Result<Role, String> {
    let role = Role::from_name(name).filter(|role| matches!(role, Role::Agent | Role::Customer));
    role.ok_or_else(|| "write agent or customer".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let cases = [("300MB", 300_000_000), ("1.5 GB", 1_500_000_000), ("512mib", 512 << 20), ("2GiB", 2 << 30)];
        for (text, expected) in cases {
            assert_eq!(size_bytes(text), Ok(expected), "{text}");
        }
        assert_eq!(size_bytes("1e300GB"), Ok(u64::MAX));
        for text in ["", "300", "MB", "-1MB", "0GB", "3 KB", "1GB of it", "NaNMB", "infGB"] {
            assert!(size_bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn shards_of_jobs() {
        let cases = [
            ("1/4", None, Ok("1/4")),
            ("auto/4", Some(("JOB_COMPLETION_INDEX", "3")), Ok("3/4")),
            ("auto/4", Some(("SLURM_ARRAY_TASK_ID", "0")), Ok("0/4")),
            ("auto/4", None, Err("neither JOB_COMPLETION_INDEX nor SLURM_ARRAY_TASK_ID is set")),
            ("auto/4", Some(("SLURM_ARRAY_TASK_ID", "4")), Err("SLURM_ARRAY_TASK_ID is \"4\": there is no share 4/4")),
            ("auto/x", Some(("SLURM_ARRAY_TASK_ID", "4")), Err("SLURM_ARRAY_TASK_ID is \"4\": write a share")),
            ("auto", None, Err("write a share")),
        ];
        for (text, set, expected) in cases {
            let variable = |name: &str| set.filter(|(known, _)| *known == name).map(|(_, value)| value.to_owned());
            match (shard_in(text, variable), expected) {
                (Ok(shard), Ok(expected)) => assert_eq!(shard.to_string(), expected, "{text}"),
                (Err(said), Err(expected)) => assert!(said.starts_with(expected), "{text}: {said}"),
                (found, expected) => panic!("{text}: {found:?}, expected {expected:?}"),
            }
        }
    }

    #[test]
    fn pads() {
        for (text, expected) in [("0", 0), ("0s", 0), ("3s", 3_000), ("2m", 120_000)] {
            assert_eq!(pad_ms(text), Ok(expected), "{text}");
        }
        for text in ["", "3", "-1s", "1.5s", "s", "999999999999999999d"] {
            assert!(pad_ms(text).is_err(), "{text}");
        }
    }

    #[test]
    fn tolerances() {
        let cases =
            [("0", 0, 10, true), ("0", 1, 10, false), ("10%", 1, 10, true), ("0.5%", 1, 199, false), ("2", 2, 2, true)];
        for (text, failed, calls, allowed) in cases {
            assert_eq!(tolerance(text).expect(text).allows(failed, calls), allowed, "{text}: {failed} of {calls}");
        }
        for text in ["", "x", "-1", "101%", "%", "1.5"] {
            assert!(tolerance(text).is_err(), "{text}");
        }
    }
}
