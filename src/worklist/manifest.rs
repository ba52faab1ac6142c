//! `manifest.csv`: one line a call, every mistake reported with its line.

use super::WorkMistake;
use super::discover::parent;
use super::identity::shown;
use crate::entities::mask_text;
use crate::recording::{Metadata, StartedAt};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A manifest longer than this is refused rather than read into memory.
const MAX_BYTES: u64 = 2 << 30;
/// At most so many mistakes of one manifest are listed.
const MAX_MISTAKES: usize = 50;
const ROLES: [&str; 6] = ["debtor", "guarantor", "co_debtor", "related_third", "unrelated_third", "unknown"];
const DIRECTIONS: [&str; 2] = ["inbound", "outbound"];
const ENDED_BY: [&str; 3] = ["agent", "customer", "system"];

/// One line of a manifest.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    /// 1-based line in the file.
    pub line: u64,
    pub call_id: String,
    pub recording: Option<PathBuf>,
    pub transcript: Option<PathBuf>,
    pub agent_channel: Option<u16>,
    pub metadata: Metadata,
}

/// A manifest as read.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    pub path: PathBuf,
    pub lines: Vec<Line>,
    pub mistakes: Vec<WorkMistake>,
}

/// Whether the file's header has the one column a manifest must have.
pub(super) fn looks_like_one(path: &Path) -> bool {
    read_table(path).is_ok_and(|table| table.header.iter().any(|name| name == "call_id"))
}

/// Reads a manifest; paths in it are relative to its folder, and times without an offset are in `zone`.
pub(super) fn read(path: &Path, zone: Option<&TimeZone>) -> Manifest {
    let mut manifest = Manifest { path: path.to_owned(), ..Manifest::default() };
    let table = match read_table(path) {
        Ok(table) => table,
        Err(mistake) => {
            manifest.mistakes.push(mistake);
            return manifest;
        }
    };
    check_header(&table, path, &mut manifest.mistakes);
    if !manifest.mistakes.is_empty() {
        return manifest;
    }
    for (line, cells) in &table.rows {
        let mut reader = LineReader { path, line: *line, zone, mistakes: &mut manifest.mistakes };
        if let Some(read) = reader.read(&table.header, cells) {
            manifest.lines.push(read);
        }
    }
    report_duplicates(&mut manifest);
    if manifest.mistakes.len() > MAX_MISTAKES {
        let more = manifest.mistakes.len() - MAX_MISTAKES;
        manifest.mistakes.truncate(MAX_MISTAKES);
        manifest.mistakes.push(WorkMistake {
            place: shown(path),
            message: format!("{more} more mistakes like these"),
            help: "mend those above first".into(),
        });
    }
    manifest
}

struct Table {
    header: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

fn read_table(path: &Path) -> Result<Table, WorkMistake> {
    let mistake = |message: String, help: &str| WorkMistake { place: shown(path), message, help: help.into() };
    let file = std::fs::File::open(path).map_err(|error| {
        mistake(format!("the manifest cannot be read: {}", error.kind()), "check the path and its permissions")
    })?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| mistake(format!("the manifest cannot be read: {}", error.kind()), "check the file"))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(mistake(format!("the manifest is over {MAX_BYTES} bytes"), "split it, one run for each part"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        mistake(
            format!("line {line} is not UTF-8"),
            "save it as \"CSV UTF-8\" (Excel writes GBK by default on Chinese systems)",
        )
    })?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record
            .map_err(|error| mistake(format!("not CSV: {}", csv_reason(&error)), "check the quotes around the cell"))?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push((line, record.iter().map(str::to_owned).collect::<Vec<_>>()));
    }
    let header = if rows.is_empty() { Vec::new() } else { rows.remove(0).1 };
    Ok(Table { header, rows })
}

/// What the CSV reader found wrong, without the cells' text.
fn csv_reason(error: &csv::Error) -> String {
    match error.position() {
        Some(position) => format!("line {}", position.line()),
        None => "the file ends inside a cell".into(),
    }
}

fn check_header(table: &Table, path: &Path, mistakes: &mut Vec<WorkMistake>) {
    let has = |name: &str| table.header.iter().any(|column| column == name);
    let mut say = |message: String, help: &str| {
        mistakes.push(WorkMistake { place: format!("{}:1", shown(path)), message, help: help.into() });
    };
    if !has("call_id") {
        say("the column call_id is missing".into(), "add it: a name for every call, unique in the manifest");
    }
    if !has("recording") && !has("transcript") {
        say(
            "the columns recording and transcript are both missing".into(),
            "add at least one: the path from the manifest's folder",
        );
    }
    let mut seen = std::collections::BTreeSet::new();
    for column in &table.header {
        if !seen.insert(column) {
            say(format!("the column {} stands there twice", mask_text(column)), "rename or remove one");
        }
    }
}

fn report_duplicates(manifest: &mut Manifest) {
    let mut first: BTreeMap<&str, u64> = BTreeMap::new();
    let mut mistakes = Vec::new();
    for line in &manifest.lines {
        if let Some(earlier) = first.insert(&line.call_id, line.line) {
            mistakes.push(WorkMistake {
                place: format!("{}:{}", shown(&manifest.path), line.line),
                message: format!("call_id {} is that of line {earlier} too", mask_text(&line.call_id)),
                help: "give every call an id of its own".into(),
            });
        }
    }
    manifest.mistakes.append(&mut mistakes);
}

/// Reads the cells of one line.
struct LineReader<'a> {
    path: &'a Path,
    line: u64,
    zone: Option<&'a TimeZone>,
    mistakes: &'a mut Vec<WorkMistake>,
}

impl LineReader<'_> {
    fn say(&mut self, message: String, help: &str) {
        let place = format!("{}:{}", shown(self.path), self.line);
        self.mistakes.push(WorkMistake { place, message, help: help.into() });
    }

    fn read(&mut self, header: &[String], cells: &[String]) -> Option<Line> {
        if cells.len() > header.len() {
            self.say(
                format!("{} cells under {} columns", cells.len(), header.len()),
                "put a cell that holds a comma between double quotes",
            );
            return None;
        }
        let before = self.mistakes.len();
        let folder = parent(self.path);
        let mut line = Line {
            line: self.line,
            call_id: String::new(),
            recording: None,
            transcript: None,
            agent_channel: None,
            metadata: Metadata::default(),
        };
        for (column, cell) in header.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            match column.as_str() {
                "call_id" => line.call_id.clone_from(cell),
                "recording" => line.recording = Some(folder.join(cell)),
                "transcript" => line.transcript = Some(folder.join(cell)),
                "agent_channel" => line.agent_channel = self.channel(cell),
                other => self.metadata(&mut line.metadata, other, cell),
            }
        }
        if line.call_id.is_empty() {
            self.say("call_id is empty".into(), "give every call an id of its own");
        }
        if line.recording.is_none() && line.transcript.is_none() {
            self.say("neither recording nor transcript is given".into(), "give at least one, or remove the line");
        }
        (self.mistakes.len() == before).then_some(line)
    }

    fn metadata(&mut self, metadata: &mut Metadata, column: &str, cell: &str) {
        match column {
            "started_at" => metadata.started_at = self.started_at(cell),
            "callee_role" => self.one_of(column, cell, &ROLES),
            "direction" => self.one_of(column, cell, &DIRECTIONS),
            "ended_by" => self.one_of(column, cell, &ENDED_BY),
            _ => {}
        }
        if column != "started_at" {
            metadata.set_column(column, cell.to_owned());
        }
    }

    fn one_of(&mut self, column: &str, cell: &str, known: &[&str]) {
        if !known.contains(&cell) {
            self.say(
                format!("{column} {:?} is not known", mask_text(cell)),
                &format!("write one of {}, or nothing", known.join(", ")),
            );
        }
    }

    fn channel(&mut self, cell: &str) -> Option<u16> {
        let channel = agent_channel(cell);
        if channel.is_none() {
            self.say(format!("agent_channel {:?} is not a channel", mask_text(cell)), "write 0, 1, left or right");
        }
        channel
    }

    fn started_at(&mut self, cell: &str) -> Option<StartedAt> {
        match started_at(cell, self.zone) {
            Ok(time) => Some(time),
            Err(StartError::NoOffset) => {
                self.say(
                    format!("started_at {:?} has no offset from UTC", mask_text(cell)),
                    "write it like 2026-11-20T09:30:00+08:00, or say --timezone Asia/Shanghai",
                );
                None
            }
            Err(StartError::NotATime) => {
                self.say(
                    format!("started_at {:?} is not a time", mask_text(cell)),
                    "write it like 2026-11-20T09:30:00+08:00",
                );
                None
            }
        }
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

#[derive(Debug, PartialEq, Eq)]
enum StartError {
    NotATime,
    NoOffset,
}

/// A time with offset (`2026-11-20T09:30:00+08:00`, a blank for `T` allowed, `Z` allowed), or without one in `zone`.
fn started_at(cell: &str, zone: Option<&TimeZone>) -> Result<StartedAt, StartError> {
    if let Ok(pieces) = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(cell) {
        let (Some(time), date) = (pieces.time(), pieces.date()) else { return Err(StartError::NotATime) };
        let local = DateTime::from_parts(date, time);
        return match pieces.to_numeric_offset() {
            Some(offset) => {
                let stamp = offset.to_timestamp(local).map_err(|_| StartError::NotATime)?;
                Ok(StartedAt { timestamp_us: stamp.as_microsecond(), utc_offset_min: offset.seconds() / 60 })
            }
            None => in_zone(local, zone.ok_or(StartError::NoOffset)?),
        };
    }
    Err(StartError::NotATime)
}

fn in_zone(local: DateTime, zone: &TimeZone) -> Result<StartedAt, StartError> {
    let zoned = local.to_zoned(zone.clone()).map_err(|_| StartError::NotATime)?;
    Ok(StartedAt { timestamp_us: zoned.timestamp().as_microsecond(), utc_offset_min: zoned.offset().seconds() / 60 })
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
            ("2026-11-19T20:00:00", None, Err(StartError::NoOffset)),
            ("2026-11-19", Some(&shanghai), Err(StartError::NotATime)),
            ("2026-13-19T20:00:00+08:00", None, Err(StartError::NotATime)),
            ("yesterday", None, Err(StartError::NotATime)),
        ];
        for (cell, zone, expected) in cases {
            let read = started_at(cell, zone).map(|time| (time.timestamp_us, time.utc_offset_min));
            assert_eq!(read, expected, "{cell}");
        }
    }

    fn read_text(text: &str) -> Manifest {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("manifest.csv");
        std::fs::write(&path, text).expect("written");
        read(&path, None)
    }

    #[test]
    fn mistakes_name_line_value_and_way_out() {
        let cases = [
            ("recording\na.wav\n", "manifest.csv:1", "the column call_id is missing"),
            ("call_id\na\n", "manifest.csv:1", "the columns recording and transcript are both missing"),
            ("call_id,recording,call_id\na,a.wav,b\n", "manifest.csv:1", "the column call_id stands there twice"),
            ("call_id,recording\na,a.wav\na,b.wav\n", "manifest.csv:3", "call_id a is that of line 2 too"),
            ("call_id,recording\n,a.wav\n", "manifest.csv:2", "call_id is empty"),
            ("call_id,recording\na,\n", "manifest.csv:2", "neither recording nor transcript is given"),
            ("call_id,recording\na,a.wav,x\n", "manifest.csv:2", "3 cells under 2 columns"),
            ("call_id,recording,started_at\na,a.wav,2026-02-30T00:00:00Z\n", "manifest.csv:2", "is not a time"),
            ("call_id,recording,started_at\na,a.wav,2026-02-03T00:00:00\n", "manifest.csv:2", "has no offset"),
            ("call_id,recording,agent_channel\na,a.wav,2\n", "manifest.csv:2", "agent_channel \"2\" is not a channel"),
            ("call_id,recording,direction\na,a.wav,in\n", "manifest.csv:2", "direction \"in\" is not known"),
            ("call_id,recording,callee_role\na,a.wav,wife\n", "manifest.csv:2", "callee_role \"wife\" is not known"),
            ("call_id,recording,ended_by\na,a.wav,me\n", "manifest.csv:2", "ended_by \"me\" is not known"),
        ];
        for (text, place, message) in cases {
            let manifest = read_text(text);
            assert_eq!(manifest.mistakes.len(), 1, "{text}: {:?}", manifest.mistakes);
            let mistake = &manifest.mistakes[0];
            assert!(mistake.place.ends_with(place), "{text}: {}", mistake.place);
            assert!(mistake.message.contains(message), "{text}: {}", mistake.message);
            assert!(!mistake.help.is_empty());
        }
    }

    #[test]
    fn further_columns_are_kept_and_empty_cells_are_none() {
        let manifest = read_text("\u{feff}call_id,recording,team,due_amount\n a , a.wav ,,\"1,200\"\n");
        assert_eq!(manifest.mistakes, []);
        let line = &manifest.lines[0];
        assert_eq!((line.call_id.as_str(), line.metadata.team.as_deref()), ("a", None));
        assert_eq!(line.metadata.column("due_amount"), Some("1,200"));
        assert!(line.recording.as_ref().is_some_and(|path| path.ends_with("a.wav")));
    }

    #[test]
    fn a_manifest_that_is_not_utf_8_says_how_to_save_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("manifest.csv");
        std::fs::write(&path, b"call_id,recording\n\xb5\xe7,a.wav\n").expect("written");
        let manifest = read(&path, None);
        assert!(manifest.mistakes[0].message.contains("line 2 is not UTF-8"));
    }
}
