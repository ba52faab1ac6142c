//! Lines of a manifest: one a call.

use super::WorkMistake;
use super::cells::Cells;
use super::columns::is_missing;
use super::identity::{NumberHash, number_hash, shown_text};
use super::legs::{self, Written};
use super::list::WorkOptions;
use super::mistake::Mistakes;
use super::rows::{Place, Row, Table};
use crate::entities::CustomerKey;
use crate::recording::Metadata;
use crate::storage::from_folder;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub(super) const ROLES: [&str; 6] = ["debtor", "guarantor", "co_debtor", "related_third", "unrelated_third", "unknown"];
pub(super) const DIRECTIONS: [&str; 2] = ["inbound", "outbound"];
const ENDED_BY: [&str; 3] = ["agent", "customer", "system"];

/// One line of a manifest.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    /// The id as given.
    pub call_id: String,
    pub recording: Option<PathBuf>,
    pub transcript: Option<PathBuf>,
    pub agent_channel: Option<u16>,
    pub answered: Option<bool>,
    pub talk_s: Option<f32>,
    pub stop_requested: Option<bool>,
    /// Of the phone number, which itself is not kept.
    pub number: Option<NumberHash>,
    pub legs: Vec<Written>,
    pub metadata: Metadata,
}

/// Whether the file's header has the one column a manifest must have; of JSON lines, the first object.
pub(super) fn looks_like_one(path: &Path) -> bool {
    let Ok(mut table) = Table::open(path) else { return false };
    if !table.has_header() {
        table.fill(&mut Vec::new(), &mut Mistakes::default());
    }
    table.columns().iter().any(|name| name == "call_id")
}

/// What is wrong with the names of the columns.
pub(super) fn header_mistakes(at: &Place, columns: &[String]) -> Vec<WorkMistake> {
    let has = |name: &str| columns.iter().any(|column| column == name);
    let mut mistakes = Vec::new();
    let mut say = |message: String, help: &str| {
        mistakes.push(WorkMistake { place: at.header(), message, help: help.into() });
    };
    if !has("call_id") {
        say(is_missing("call_id", columns), "add it: a name for every call, unique in the manifest");
    }
    if !has("recording") && !has("transcript") {
        say(
            "the columns recording and transcript are both missing".into(),
            "add at least one: the path from the manifest's folder",
        );
    }
    mistakes.extend(repeated_columns(at, columns));
    mistakes
}

/// Columns that stand in a header twice.
pub(super) fn repeated_columns(at: &Place, columns: &[String]) -> Vec<WorkMistake> {
    let mut seen = BTreeSet::new();
    let twice = columns.iter().filter(|column| !seen.insert(*column));
    twice
        .map(|column| WorkMistake {
            place: at.header(),
            message: format!("the column {} stands there twice", shown_text(column)),
            help: "rename or remove one".into(),
        })
        .collect()
}

/// How lines are read: relative to which folder, and with times in which zone.
pub(super) struct LineReader<'a> {
    pub at: &'a Place,
    pub folder: &'a Path,
    pub zone: Option<&'a TimeZone>,
    /// The key with which ids of customers are hashed as they are read.
    pub key: Option<&'a CustomerKey>,
    /// The agent's channel where a line does not say.
    pub agent_channel: u16,
    /// Whether every column is kept, or only what tells calls and their customers apart; all are checked.
    pub keeps_all: bool,
}

impl<'a> LineReader<'a> {
    /// As `options` say, of which inputs and files are not looked at.
    pub(super) fn of(options: &'a WorkOptions, at: &'a Place, folder: &'a Path, keeps_all: bool) -> Self {
        let (zone, key) = (options.zone.as_ref(), options.customer_key.as_ref());
        Self { at, folder, zone, key, agent_channel: options.agent_channel, keeps_all }
    }

    /// Reads one line; every mistake in it otherwise.
    pub(super) fn read(&self, columns: &[String], row: &Row) -> Result<Line, Vec<WorkMistake>> {
        let (line, mut cells) = self.cells(columns, row);
        if line.recording.is_none() && line.transcript.is_none() {
            cells.say("neither recording nor transcript is given".into(), "give at least one, or remove the line");
        }
        cells.finish(line)
    }

    /// As [`LineReader::read`], of a call that only others are judged by: it needs no files.
    pub(super) fn read_known(&self, columns: &[String], row: &Row) -> Result<Line, Vec<WorkMistake>> {
        let (line, cells) = self.cells(columns, row);
        cells.finish(line)
    }

    fn cells(&self, columns: &[String], row: &Row) -> (Line, Cells<'_>) {
        let mut cells = Cells::new(self.at, row.number, self.zone);
        let (mut line, mut legs) = (Line::default(), None);
        for (column, cell) in row.cells() {
            match columns[column].as_str() {
                "call_id" => cell.clone_into(&mut line.call_id),
                "recording" => line.recording = Some(from_folder(self.folder, cell)),
                "transcript" => line.transcript = Some(from_folder(self.folder, cell)),
                "number" => line.number = number_hash(cell),
                "agent_channel" => line.agent_channel = cells.channel("agent_channel", cell),
                "legs" => legs = Some(cell),
                "started_at" => line.metadata.started_at = cells.time("started_at", cell),
                other => self.read_metadata(&mut line, &mut cells, other, cell),
            }
        }
        if let Some(cell) = legs {
            line.legs = legs::of_cell(cell, line.agent_channel.unwrap_or(self.agent_channel), &mut cells);
        }
        if line.call_id.is_empty() {
            cells.say("call_id is empty".into(), "give every call an id");
        }
        (line, cells)
    }

    fn read_metadata(&self, line: &mut Line, cells: &mut Cells<'_>, column: &str, cell: &str) {
        match column {
            "callee_role" => drop(cells.one_of(column, cell, &ROLES)),
            "direction" => drop(cells.one_of(column, cell, &DIRECTIONS)),
            "ended_by" => drop(cells.one_of(column, cell, &ENDED_BY)),
            "answered" => line.answered = cells.flag(column, cell),
            "talk_s" => line.talk_s = cells.seconds(column, cell),
            "stop_requested" => line.stop_requested = cells.flag(column, cell),
            _ => {}
        }
        if self.keeps_all || matches!(column, "customer_id" | "direction" | "callee_role") {
            let id = self.key.filter(|_| column == "customer_id").map(|key| key.hash(cell));
            line.metadata.set_column(column, id.unwrap_or_else(|| cell.to_owned()));
        }
    }
}
