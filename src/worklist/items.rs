//! The second pass over a work list: every call with all that is said of it.

use super::WorkMistake;
use super::calls::{Call, earlier, number_of};
use super::discover::{Group, Kind};
use super::folders::parent;
use super::identity::{raw_id_hash, relative, shown};
use super::legs::settled;
use super::list::{Manifest, WorkList};
use super::manifest::{Line, LineReader};
use super::rows::{CHUNK_ROWS, Table};
use super::stamp::{Known, Mark, Presence};
use crate::entities::masked_id;
use crate::recording::{Leg, Metadata, Party, PriorCall, Recording};
use rayon::prelude::*;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A call to inspect.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkItem {
    /// The call.
    pub recording: Recording,
    /// 64 bits that change with all that is known of the call without reading its files: id, metadata, agent channel,
    /// earlier calls, legs, and place, size and time of change of recording and transcript. It covers what is masked elsewhere:
    /// keep it out of tables.
    pub stamp: u64,
    /// Size of the recording; 0 where there is none.
    pub audio_bytes: u64,
    /// Whether the call has a recording and something is there in its place; what that is shows when it is decoded.
    pub audio_is_there: bool,
}

/// What [`WorkList::for_each`] went over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorkCounts {
    /// Calls that a manifest lists.
    pub listed: usize,
    /// Recordings found that no manifest lists, where there is a manifest.
    pub unlisted: usize,
    /// Recordings that a manifest lists and that are not there.
    pub missing: usize,
}

impl WorkList {
    /// Hands every call, or every one of its share, to `take`, those of manifests first, in their order, then by folder and
    /// name those that were only found. Manifests are read again; recordings are looked at, not opened.
    ///
    /// # Errors
    /// A manifest that has changed since it was read, or a folder of a bucket that cannot be listed any more. What was handed on until then was right.
    pub fn for_each(&self, take: &mut dyn FnMut(WorkItem)) -> Result<WorkCounts, Vec<WorkMistake>> {
        let calls = self.earlier_calls();
        let pass = Pass { list: self, calls: &calls };
        let mut counts = WorkCounts::default();
        for manifest in &self.manifests {
            pass.listed(manifest, &mut |item| {
                counts.listed += 1;
                counts.missing += usize::from(item.recording.audio.is_some() && !item.audio_is_there);
                take(item);
            })?;
        }
        for group in &self.groups {
            let counted = &mut |item: WorkItem| {
                counts.unlisted += usize::from(item.recording.audio.is_some() && self.listed > 0);
                take(item);
            };
            pass.unlisted(group, counted).map_err(|mistake| vec![mistake])?;
        }
        Ok(counts)
    }
}

/// What calls are made of besides what is said of them.
pub(super) struct Pass<'a> {
    pub list: &'a WorkList,
    /// What earlier calls are taken from, sorted.
    pub calls: &'a [Call],
}

impl Pass<'_> {
    fn listed(&self, manifest: &Manifest, take: &mut dyn FnMut(WorkItem)) -> Result<(), Vec<WorkMistake>> {
        let mut table = Table::open(&manifest.path).map_err(|mistake| vec![mistake])?;
        let at = table.place().clone();
        let folder = parent(&manifest.path);
        let lines = LineReader::of(&self.list.options, &at, folder, true);
        let item = |columns: &[String], row: &_| {
            let line = lines.read(columns, row)?;
            Ok(self.has(&line.call_id).then(|| self.of_line(line, folder)))
        };
        let mut expected = manifest.chunks.iter();
        let mut is_same = true;
        table.read_all(&item, &mut |hash, items| {
            is_same = expected.next() == Some(&hash);
            if is_same {
                items.into_iter().flatten().for_each(&mut *take);
            }
            is_same
        });
        if is_same && expected.next().is_none() { Ok(()) } else { Err(vec![changed(&manifest.path)]) }
    }

    fn unlisted(&self, group: &Group, take: &mut dyn FnMut(WorkItem)) -> Result<(), WorkMistake> {
        let mut names = group.names()?;
        if self.list.options.shard.is_some() {
            names.retain(|(name, ..)| self.has(&relative(&group.path.join(name), &group.root)));
        }
        while !names.is_empty() {
            let rest = names.split_off(names.len().min(CHUNK_ROWS));
            let items: Vec<WorkItem> =
                names.into_par_iter().map(|(name, _, kind)| self.of_file(group, &name, kind)).collect();
            items.into_iter().for_each(&mut *take);
            names = rest;
        }
        Ok(())
    }

    /// Whether the call of this id, as it is given, is to be handed out.
    fn has(&self, raw_id: &str) -> bool {
        self.list.options.shard.is_none_or(|shard| shard.has(&masked_id(raw_id)))
    }

    /// The call of a line whose paths count from `folder`.
    pub(super) fn of_line(&self, line: Line, folder: &Path) -> WorkItem {
        let prior_calls = self.prior_calls(&line);
        let agent_channel = line.agent_channel.unwrap_or(self.list.options.agent_channel);
        let legs = if line.legs.is_empty() {
            self.list.legs.of(raw_id_hash(&line.call_id), agent_channel)
        } else {
            // The first pass found that no two are on one side at once.
            settled(&line.legs, agent_channel).unwrap_or_default()
        };
        let said = Said { agent_channel, metadata: line.metadata, prior_calls, legs };
        let mut call = Files { raw_id: line.call_id, audio: line.recording, root: folder, transcript: line.transcript };
        self.item(&mut call, said)
    }

    fn of_file(&self, group: &Group, name: &OsString, kind: Kind) -> WorkItem {
        let path = group.path.join(name);
        let raw_id = relative(&path, &group.root);
        let (audio, transcript) = if kind == Kind::Recording { (Some(path), None) } else { (None, Some(path)) };
        let agent_channel = self.list.options.agent_channel;
        let legs = self.list.legs.of(raw_id_hash(&raw_id), agent_channel);
        let said = Said { agent_channel, metadata: Metadata::default(), prior_calls: Vec::new(), legs };
        let mut call = Files { raw_id, audio, root: &group.root, transcript };
        self.item(&mut call, said)
    }

    fn prior_calls(&self, line: &Line) -> Vec<PriorCall> {
        let (Some(customer), Some(start)) = (&line.metadata.customer_id, line.metadata.started_at) else {
            return Vec::new();
        };
        let customer = raw_id_hash(customer);
        // The attempt that the call came of may know the number where the line does not.
        let of_attempt = || number_of(self.calls, customer, start, raw_id_hash(&line.call_id));
        earlier(self.calls, customer, start, line.number.or_else(of_attempt))
    }

    fn item(&self, call: &mut Files<'_>, said: Said) -> WorkItem {
        let Said { agent_channel, mut metadata, prior_calls, legs } = said;
        metadata.agent_id = metadata.agent_id.or_else(|| only_agent(&legs));
        let audio = call.audio.as_deref().map(|path| Mark::of(path, &self.list.folders));
        let transcript = self.transcript(call);
        let known = Known {
            call_id: &call.raw_id,
            metadata: &metadata,
            agent_channel,
            prior_calls: &prior_calls,
            legs: &legs,
            recording: audio.map(|(mark, _)| mark),
            transcript,
        };
        let stamp = known.stamp();
        let recording = Recording {
            call_id: masked_id(&call.raw_id),
            shown_as: call.audio.as_deref().map(|audio| masked_id(&relative(audio, call.root))),
            audio: call.audio.take(),
            transcript: call.transcript.take(),
            agent_channel,
            metadata,
            prior_calls,
            legs,
        };
        WorkItem {
            recording,
            stamp,
            audio_bytes: audio.map_or(0, |(mark, _)| mark.bytes()),
            audio_is_there: audio.is_some_and(|(_, presence)| presence != Presence::Gone),
        }
    }

    /// Looks at the call's transcript; looks for it where none is named.
    fn transcript(&self, call: &mut Files<'_>) -> Option<Mark> {
        if let Some(path) = &call.transcript {
            return Some(Mark::of(path, &self.list.folders).0);
        }
        let look = |path: PathBuf, key| {
            let (mark, presence) = Mark::with_key(&path, key, &self.list.folders);
            (presence == Presence::File).then_some((path, mark))
        };
        let (path, mark) = self.list.transcripts().find(call.audio.as_deref()?, call.root, look)?;
        call.transcript = Some(path);
        Some(mark)
    }
}

/// The agent of a call, where its legs name one and no other.
fn only_agent(legs: &[Leg]) -> Option<String> {
    let mut named = legs.iter().filter(|leg| leg.party == Party::Agent).filter_map(|leg| leg.agent_id.as_deref());
    let first = named.next()?;
    named.all(|other| other == first).then(|| first.to_owned())
}

/// What is said of a call.
struct Said {
    agent_channel: u16,
    metadata: Metadata,
    prior_calls: Vec<PriorCall>,
    legs: Vec<Leg>,
}

/// A call's id and files, and the folder that names are relative to.
struct Files<'a> {
    raw_id: String,
    audio: Option<PathBuf>,
    root: &'a Path,
    transcript: Option<PathBuf>,
}

fn changed(path: &Path) -> WorkMistake {
    WorkMistake {
        place: shown(path),
        message: "the manifest changed while it was read".into(),
        help: "run again once it is written".into(),
    }
}
