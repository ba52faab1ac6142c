//! Legs of calls: a column of the manifest, and a file of their own with one line a leg.

use super::WorkMistake;
use super::cells::Cells;
use super::columns::is_missing;
use super::identity::{raw_id_hash, shown_text};
use super::list::{WorkList, WorkOptions};
use super::manifest::repeated_columns;
use super::mistake::Mistakes;
use super::rows::{Place, Row, Table};
use crate::recording::{Clash, Leg, Party, settle};
use crate::units::{LONGEST_RECORDING_MS, Role};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// No call has more legs.
const MOST_LEGS: usize = 1_000;

/// A leg as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    leg: Leg,
    /// Where `leg.side` is that of a channel: which channel.
    channel: Option<u16>,
}

impl Written {
    fn on_side(&self, agent_channel: u16) -> Leg {
        let side_of = |channel| if channel == agent_channel { Role::Agent } else { Role::Customer };
        Leg { side: self.channel.map_or(self.leg.side, side_of), ..self.leg.clone() }
    }
}

/// The legs of a call whose agent is on `agent_channel`.
///
/// # Errors
/// What is wrong with two that are on one side at once, by their places in `written`.
pub(super) fn settled(written: &[Written], agent_channel: u16) -> Result<Vec<Leg>, Clash> {
    let legs: Vec<Leg> = written.iter().map(|leg| leg.on_side(agent_channel)).collect();
    settle(&legs)
}

/// The cells or fields of one leg.
#[derive(Default)]
struct Parts {
    start_ms: Option<i64>,
    end_ms: Option<i64>,
    party: Option<Party>,
    agent_id: Option<String>,
    side: Option<Role>,
    channel: Option<u16>,
    /// Whether `start_ms` is filled, rightly or not.
    has_start: bool,
    /// Whether `party_kind` is.
    has_party: bool,
}

impl Parts {
    /// Whether there is such a column.
    fn read(&mut self, column: &str, cell: &str, cells: &mut Cells<'_>) -> bool {
        match column {
            "start_ms" => {
                self.has_start = true;
                self.start_ms = time(column, cell, cells);
            }
            "end_ms" => self.end_ms = time(column, cell, cells),
            "party_kind" => {
                self.has_party = true;
                let place = cells.one_of(column, cell, &Party::ALL.map(Party::name));
                self.party = place.map(|place| Party::ALL[place]);
            }
            "agent_id" => self.agent_id = Some(cell.to_owned()),
            "side" => {
                let sides = [Role::Agent, Role::Customer];
                self.side = cells.one_of(column, cell, &sides.map(Role::name)).map(|place| sides[place]);
            }
            "channel" => self.channel = cells.channel(column, cell),
            _ => return false,
        }
        true
    }

    /// The leg, or `None` after saying what is missing or wrong.
    fn put_together(self, cells: &mut Cells<'_>) -> Option<Written> {
        let needed = [("start_ms", self.has_start), ("party_kind", self.has_party)];
        for (name, _) in needed.into_iter().filter(|(_, is_there)| !is_there) {
            cells.say(format!("{name} of a leg is empty"), "fill it: every leg has a start_ms and a party_kind");
        }
        let (start_ms, party) = (self.start_ms?, self.party?);
        if let Some(end_ms) = self.end_ms.filter(|end_ms| *end_ms <= start_ms) {
            let message = format!("end_ms {end_ms} of a leg is not after its start_ms {start_ms}");
            cells.say(message, "check the two times, in ms from the start of the recording");
            return None;
        }
        let side = self.side.unwrap_or_else(|| party.usual_side());
        let leg = Leg { start_ms, end_ms: self.end_ms, party, agent_id: self.agent_id, side };
        Some(Written { leg, channel: self.channel.filter(|_| self.side.is_none()) })
    }
}

/// Milliseconds, whole and not negative; tables write 12500 as 12500.0 where other cells are empty.
fn time(column: &str, cell: &str, cells: &mut Cells<'_>) -> Option<i64> {
    let ms =
        cell.parse::<f64>().ok().filter(|ms| ms.fract() == 0.0 && (0.0..=LONGEST_RECORDING_MS as f64).contains(ms));
    if ms.is_none() {
        cells.say(
            format!("{column} {:?} is not a number of ms from the start of the recording", shown_text(cell)),
            "write a whole number such as 12500",
        );
    }
    ms.map(|ms| ms as i64)
}

/// The legs in the manifest's cell: a JSON list of flat objects. `agent` is the agent's channel, to tell whether two are on one side at
/// once.
pub(super) fn of_cell(cell: &str, agent: u16, cells: &mut Cells<'_>) -> Vec<Written> {
    const HELP: &str =
        r#"write it like [{"start_ms":0,"end_ms":12500,"party_kind":"ivr"},{"start_ms":12500,"party_kind":"agent"}]"#;
    let Ok(Value::Array(list)) = serde_json::from_str(cell) else {
        cells.say(format!("legs {:?} are not a JSON list", shown_text(&first_of(cell))), HELP);
        return Vec::new();
    };
    if list.len() > MOST_LEGS {
        cells.say(format!("{} legs, more than {MOST_LEGS}", list.len()), "leave short ones out, or join them");
        return Vec::new();
    }
    let mut written = Vec::new();
    for value in &list {
        let Value::Object(fields) = value else {
            cells.say(format!("the leg {:?} is not an object", shown_text(&first_of(&value.to_string()))), HELP);
            return Vec::new();
        };
        let mut parts = Parts::default();
        for (name, value) in fields {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text.trim().to_owned(),
                other => other.to_string(),
            };
            if !text.is_empty() && !parts.read(name, &text, cells) {
                let help = "write start_ms, end_ms, party_kind, agent_id, side and channel";
                cells.say(format!("{:?} of a leg is not known", shown_text(&first_of(name))), help);
            }
        }
        written.extend(parts.put_together(cells));
    }
    if let Err(clash) = settled(&written, agent) {
        let [first, second] = [clash.first, clash.second].map(|place| &written[place].leg);
        cells.say(overlap(first, second), OVERLAP_HELP);
    }
    written
}

fn first_of(text: &str) -> String {
    text.chars().take(60).collect()
}

const OVERLAP_HELP: &str = "mend the times, or say with side or channel which of them is on the other side";

fn overlap(first: &Leg, second: &Leg) -> String {
    let (one, other) = (first.party.name(), second.party.name());
    let (start_ms, next_ms) = (first.start_ms, second.start_ms);
    format!("the leg {other} from {next_ms} ms starts within the leg {one} from {start_ms} ms, on the same side")
}

/// A legs file as read.
#[derive(Debug, Default)]
pub(super) struct LegsFile {
    at: Option<Place>,
    /// By call and line.
    lines: Vec<LegLine>,
}

#[derive(Debug)]
struct LegLine {
    /// Hash of the call's id as written.
    call: u64,
    number: u64,
    written: Written,
}

/// Reads a legs file.
///
/// # Errors
/// Every mistake in it that shows without the manifest, the first fifty in words.
pub(super) fn read(path: &Path, options: &WorkOptions) -> Result<LegsFile, Vec<WorkMistake>> {
    let mut table = Table::open(path).map_err(|mistake| vec![mistake])?;
    let wrong = header_mistakes(&table);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let at = table.place().clone();
    let zone = options.zone.as_ref();
    let read = |columns: &[String], row: &Row| line(columns, row, Cells::new(&at, row.number, zone));
    let mut lines = Vec::new();
    let mistakes = table.read_all(&read, &mut |_, chunk| {
        lines.extend(chunk);
        true
    });
    if !mistakes.is_empty() {
        return Err(mistakes.listed(path));
    }
    lines.sort_by_key(|line| (line.call, line.number));
    Ok(LegsFile { at: Some(at), lines })
}

fn header_mistakes(table: &Table) -> Vec<WorkMistake> {
    if !table.has_header() {
        return Vec::new();
    }
    let is_there = |name: &str| table.columns().iter().any(|column| column == name);
    let needed = ["call_id", "start_ms", "party_kind"];
    let missing = needed.into_iter().filter(|name| !is_there(name)).map(|name| WorkMistake {
        place: table.place().header(),
        message: is_missing(name, table.columns()),
        help: "add it: a legs file has call_id, start_ms, party_kind, and perhaps end_ms, agent_id, side, channel"
            .into(),
    });
    missing.chain(repeated_columns(table.place(), table.columns())).collect()
}

fn line(columns: &[String], row: &Row, mut cells: Cells<'_>) -> Result<LegLine, Vec<WorkMistake>> {
    let (mut parts, mut call) = (Parts::default(), None);
    for (column, cell) in row.cells() {
        match columns[column].as_str() {
            "call_id" => call = Some(raw_id_hash(cell)),
            other => drop(parts.read(other, cell, &mut cells)),
        }
    }
    if call.is_none() {
        cells.say("call_id is empty".into(), "say which call the leg belongs to");
    }
    match (call, parts.put_together(&mut cells)) {
        (Some(call), Some(written)) => cells.finish(LegLine { call, number: row.number, written }),
        _ => Err(cells.mistakes()),
    }
}

impl LegsFile {
    /// Whether it has legs of the call whose id has this hash.
    pub(super) fn has(&self, call: u64) -> bool {
        !self.lines_of(call).is_empty()
    }

    /// The legs of the call whose id has this hash; none where two are on one side at once.
    pub(super) fn of(&self, call: u64, agent_channel: u16) -> Vec<Leg> {
        let written: Vec<Written> = self.lines_of(call).iter().map(|line| line.written.clone()).collect();
        settled(&written, agent_channel).unwrap_or_default()
    }

    fn lines_of(&self, call: u64) -> &[LegLine] {
        let first = self.lines.partition_point(|line| line.call < call);
        let rest = &self.lines[first..];
        &rest[..rest.partition_point(|line| line.call == call)]
    }

    /// What is wrong with it beside the calls of `list`, whose ids are sorted: calls that are not there, and legs that are on one side at
    /// once. `agents` are the agents' channels that manifests name, by call.
    pub(super) fn mistakes(&self, list: &WorkList, agents: &BTreeMap<u64, u16>) -> Vec<WorkMistake> {
        let Some(at) = &self.at else { return Vec::new() };
        let mut wrong: Vec<(u64, String, &str)> = Vec::new();
        for lines in self.lines.chunk_by(|one, next| one.call == next.call) {
            let call = lines[0].call;
            if list.ids.binary_search(&call).is_err() {
                let help = "write the call_id as in the manifest, or leave the line out";
                wrong.push((lines[0].number, "no call has this call_id".into(), help));
            }
            if lines.len() > MOST_LEGS {
                let message = format!("{} legs of one call, more than {MOST_LEGS}", lines.len());
                wrong.push((lines[0].number, message, "leave short ones out, or join them"));
            }
            let written: Vec<Written> = lines.iter().map(|line| line.written.clone()).collect();
            let agent = agents.get(&call).copied().unwrap_or(list.options.agent_channel);
            if let Err(Clash { first, second }) = settled(&written, agent) {
                let message = overlap(&written[first].leg, &written[second].leg);
                let other = at.inside(lines[first].number);
                wrong.push((lines[second].number, format!("{message} ({other})"), OVERLAP_HELP));
            }
        }
        wrong.sort_unstable();
        let mut mistakes = Mistakes::default();
        for (number, message, help) in wrong {
            mistakes.push(WorkMistake { place: at.of(number), message, help: help.into() });
        }
        mistakes.listed(&at.path)
    }
}

/// That a line of the manifest and the legs file both have legs of a call.
pub(super) fn said_twice(place: String, call_id: &str) -> WorkMistake {
    WorkMistake {
        place,
        message: format!("the legs of {} are in the legs file too", shown_text(call_id)),
        help: "give them once: in the column legs, or with --legs".into(),
    }
}
