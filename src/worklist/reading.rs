//! The first pass: reads manifests and the attempts file, and looks for recordings.

use super::WorkMistake;
use super::attempts;
use super::calls::Call;
use super::columns::doubts;
use super::discover::{Group, Kind, TRANSCRIPT_SUFFIX, discover};
use super::duplicates;
use super::folders::parent;
use super::identity::{id_hash, raw_id_hash, relative, shown};
use super::legs;
use super::list::{Manifest, WorkList, WorkOptions};
use super::manifest::{self, Line, LineReader};
use super::rows::{Row, Table};
use crate::entities::masked_id;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Reads a work list; every mistake otherwise.
pub(super) fn read(options: &WorkOptions) -> Result<WorkList, Vec<WorkMistake>> {
    let list = WorkList { options: options.clone(), ..WorkList::default() };
    let mut found = discover(&options.inputs, &list.folders);
    let mistakes = std::mem::take(&mut found.mistakes);
    let mut reading = Reading { list, claimed: Vec::new(), agents: BTreeMap::new(), mistakes };
    reading.list.groups = found.groups;
    reading.read_legs();
    reading.read_manifests(found.manifests);
    reading.leave_unlisted();
    reading.read_attempts();
    reading.finish()
}

/// A work list while it is read.
struct Reading {
    list: WorkList,
    /// Keys of files that a manifest names or that belong to one it names: they are not calls of their own.
    claimed: Vec<u64>,
    /// On which channel the agent is, of calls with lines in the legs file whose manifest says so.
    agents: BTreeMap<u64, u16>,
    mistakes: Vec<WorkMistake>,
}

/// What is kept of a line.
struct Brief {
    id: u64,
    call: Option<Call>,
    claims: [Option<u64>; 2],
    /// The agent's channel, where the line says so and the legs file has the call.
    agent_channel: Option<u16>,
}

impl Reading {
    fn read_manifests(&mut self, found: BTreeSet<(PathBuf, bool)>) {
        let given = self.list.options.manifest.iter().map(|path| (path.clone(), true));
        let paths: BTreeSet<(PathBuf, bool)> = found.into_iter().chain(given).collect();
        let mut seen = BTreeSet::new();
        for (path, must_be_one) in paths {
            if !seen.insert(self.list.folders.key(&path)) {
                continue;
            }
            if must_be_one || manifest::looks_like_one(&path) {
                let wrong = self.read_manifest(path);
                self.mistakes.extend(wrong);
            } else {
                self.list.ignored.push(shown(&path));
            }
        }
        self.list.listed = self.list.ids.len();
    }

    fn read_manifest(&mut self, path: PathBuf) -> Vec<WorkMistake> {
        let mut table = match Table::open(&path) {
            Ok(table) => table,
            Err(mistake) => return vec![mistake],
        };
        let at = table.place().clone();
        if table.has_header() {
            let wrong = manifest::header_mistakes(&at, table.columns());
            if !wrong.is_empty() {
                return wrong;
            }
        }
        let list = &self.list;
        let lines = LineReader::of(&list.options, &at, parent(&path), false);
        let brief = |columns: &[String], row: &Row| {
            let line = lines.read(columns, row)?;
            if !line.legs.is_empty() && list.legs.has(raw_id_hash(&line.call_id)) {
                return Err(vec![legs::said_twice(at.of(row.number), &line.call_id)]);
            }
            Ok(brief(list, &line, lines.folder))
        };
        let mut read = Lines { claimed: std::mem::take(&mut self.claimed), days: list.days, ..Lines::default() };
        let mistakes = table.read_all(&brief, &mut |hash, briefs| {
            read.chunks.push(hash);
            briefs.into_iter().for_each(|brief| read.take(brief));
            true
        });
        let wrong = mistakes.listed(&path);
        let doubts = doubts(table.columns()).into_iter().map(|doubt| format!("{}: {doubt}", at.header()));
        self.list.doubts.extend(doubts);
        self.list.columns.extend(table.columns().iter().cloned());
        let Lines { chunks, ids, calls, claimed, days, mut agents } = read;
        (self.claimed, self.list.days) = (claimed, days);
        self.agents.append(&mut agents);
        append(&mut self.list.calls, calls);
        append(&mut self.list.ids, ids);
        self.list.manifests.push(Manifest { path, chunks });
        wrong
    }

    /// Of the files that were found, leaves those that no manifest names.
    fn leave_unlisted(&mut self) {
        let Self { list, claimed, .. } = self;
        claimed.sort_unstable();
        let is_free = |key: &u64| claimed.binary_search(key).is_err();
        for group in &mut list.groups {
            group.recordings.retain(is_free);
            group.transcripts.retain(is_free);
        }
        let mut groups = std::mem::take(&mut list.groups);
        if groups.iter().any(|group| !group.transcripts.is_empty()) {
            let mut theirs: Vec<u64> = groups.par_iter().flat_map_iter(|group| claims_of(list, group)).collect();
            theirs.sort_unstable();
            groups.iter_mut().for_each(|group| group.transcripts.retain(|key| theirs.binary_search(key).is_err()));
        }
        groups.retain(|group| !group.recordings.is_empty() || !group.transcripts.is_empty());
        list.groups = groups;
        self.claimed = Vec::new();
        for group in &self.list.groups {
            let id = |name: OsString| raw_id_hash(&relative(&group.path.join(name), &group.root));
            match group.names() {
                Ok(names) => self.list.ids.par_extend(names.into_par_iter().map(|(name, ..)| id(name))),
                Err(mistake) => self.mistakes.push(mistake),
            }
        }
    }

    fn read_legs(&mut self) {
        let options = &self.list.options;
        let Some(path) = &options.legs else { return };
        match legs::read(path, options) {
            Ok(legs) => self.list.legs = legs,
            Err(wrong) => self.mistakes.extend(wrong),
        }
    }

    fn read_attempts(&mut self) {
        let options = &self.list.options;
        let Some(path) = &options.attempts else { return };
        match attempts::read(path, options) {
            Ok(attempts) => self.list.attempts = attempts,
            Err(wrong) => self.mistakes.extend(wrong),
        }
    }

    fn finish(mut self) -> Result<WorkList, Vec<WorkMistake>> {
        let list = &mut self.list;
        list.ids.par_sort_unstable();
        list.calls.par_sort_unstable_by_key(Call::order);
        if self.mistakes.is_empty() {
            // Of a manifest with mistakes, not every call is known.
            self.mistakes.extend(list.legs.mistakes(list, &self.agents));
        }
        self.mistakes.extend(duplicates::report(list));
        if list.is_empty() && self.mistakes.is_empty() {
            self.mistakes.push(nothing_found(&list.options));
        }
        if self.mistakes.is_empty() { Ok(self.list) } else { Err(self.mistakes) }
    }
}

/// What is kept of a manifest.
#[derive(Default)]
struct Lines {
    chunks: Vec<u64>,
    ids: Vec<u64>,
    calls: Vec<Call>,
    claimed: Vec<u64>,
    days: Option<(Date, Date)>,
    agents: BTreeMap<u64, u16>,
}

impl Lines {
    fn take(&mut self, Brief { id, call, claims, agent_channel }: Brief) {
        self.agents.extend(agent_channel.map(|channel| (id, channel)));
        self.ids.push(id);
        self.claimed.extend(claims.into_iter().flatten());
        if let Some(call) = call {
            let date = call.start().local_date();
            let (first, last) = self.days.unwrap_or((date, date));
            self.days = Some((first.min(date), last.max(date)));
            self.calls.push(call);
        }
    }
}

/// Appends, without a copy where there is nothing yet, and without room to spare.
fn append<T>(to: &mut Vec<T>, mut more: Vec<T>) {
    if to.is_empty() {
        *to = more
    } else {
        to.append(&mut more)
    }
    to.shrink_to_fit();
}

fn brief(list: &WorkList, line: &Line, folder: &Path) -> Brief {
    let customer = line.metadata.customer_id.as_deref().map_or(0, raw_id_hash);
    let id = id_hash(&masked_id(&line.call_id));
    let named = |path: &Option<PathBuf>| path.as_deref().map(|path| list.folders.key(path));
    let beside = || list.transcripts().find(line.recording.as_deref()?, folder, |_, key| Some(key));
    // Where no files were looked for, none need be told apart.
    let claims = if list.groups.is_empty() {
        [None, None]
    } else {
        [named(&line.recording), named(&line.transcript).or_else(beside)]
    };
    let agent_channel = line.agent_channel.filter(|_| list.legs.has(id));
    Brief { id, call: Call::of_line(line, id, customer), claims, agent_channel }
}

/// The transcripts that recordings of the group take.
fn claims_of(list: &WorkList, group: &Group) -> Vec<u64> {
    let transcripts = list.transcripts();
    let names = group.names().unwrap_or_default().into_iter().filter(|(.., kind)| *kind == Kind::Recording);
    names.filter_map(|(name, ..)| transcripts.find(&group.path.join(name), &group.root, |_, key| Some(key))).collect()
}

fn nothing_found(options: &WorkOptions) -> WorkMistake {
    let inputs: Vec<_> = options.inputs.iter().map(|input| shown(input)).collect();
    WorkMistake {
        place: inputs.join(", "),
        message: "no recording and no transcript found".into(),
        help: format!(
            "recordings end in .wav .mp3 .flac .m4a .ogg and the like, transcripts alone in {TRANSCRIPT_SUFFIX}"
        ),
    }
}
