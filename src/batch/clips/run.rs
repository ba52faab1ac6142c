//! A clip of each finding, and their index.

use super::choice::{Cutting, Wanted};
use super::cut::{Cut, Job};
use super::folder::ClipFolder;
use super::index::{Clip, Muted, index};
use super::name::clip_name;
use super::select::{Chosen, Selection, choose};
use crate::audio::decode::{DecodeOptions, Pick};
use crate::batch::pipeline::Pipeline;
use crate::batch::recordings::RecordingFolders;
use crate::batch::run::available;
use crate::dataset::{DatasetError, Snapshot};
use crate::events::{Event, Observer};
use crate::storage::StorageError;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

/// Recordings between two looks whether to stop.
const AT_A_TIME: usize = 16;

/// Raised when the same arguments make other clips.
const VERSION: u32 = 1;

/// What to cut and how.
#[derive(Clone)]
pub struct ClipsOptions<'a> {
    /// Of which findings.
    pub selection: Selection,
    /// Which part of the recording, and what of it.
    pub cutting: Cutting,
    /// What all clips together may take: the gravest come first.
    pub most_bytes: u64,
    /// How recordings are decoded.
    pub decode: DecodeOptions,
    /// Threads; 0: one a core.
    pub threads: usize,
    /// Once it is true, what was begun is finished and nothing is begun.
    pub stop: Option<&'a AtomicBool>,
}

impl ClipsOptions<'_> {
    /// A line of text that changes with what is selected and how it is cut.
    #[must_use]
    pub fn key(&self) -> String {
        let (what, how) = (&self.selection, &self.cutting);
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
        let all = json!([
            VERSION,
            [day(what.days.from), day(what.days.to)],
            [&what.rules, &what.agents, &what.teams, &what.calls],
            [json!(what.least), json!(what.trial), json!(what.excused)],
            [json!(how.pad_ms), json!(how.longest_ms), json!(how.mute_other), json!(self.most_bytes)],
            self.decode.max_duration_ms,
            [self.decode.raw.map(|raw| raw.to_string()), self.decode.channels.as_ref().map(Pick::to_string)],
        ]);
        blake3::hash(all.to_string().as_bytes()).to_hex()[..32].to_owned()
    }
}

/// What it came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clipped {
    /// Clips written.
    pub clips: usize,
    /// What they take.
    pub bytes: u64,
    /// Recordings that they are of.
    pub recordings: usize,
    /// Clips in which the other channel could not be silenced, though that was asked for.
    pub not_muted: usize,
    /// Calls of which clips could not be cut, how many, and why.
    pub failed: Vec<(String, usize, String)>,
    /// Findings left out because there is no room for their clips.
    pub left_out: usize,
    /// Findings without a place in the recording.
    pub without_time: usize,
    /// Findings of calls without sound.
    pub without_sound: usize,
    /// Clips of earlier runs that were removed, since nothing asks for them any more.
    pub removed: usize,
    /// Calls that were left when the run was stopped; there is no new index then.
    pub not_begun: usize,
}

/// Why cutting stopped.
#[derive(Debug, thiserror::Error)]
pub enum ClipsError {
    /// The dataset cannot be read.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The clips cannot be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Cuts a clip of each finding of the dataset that is selected, and writes their index once all are there. The bytes written depend on neither
/// the number of threads nor what an earlier run left.
///
/// # Errors
/// The dataset cannot be read, or the clips cannot be written. A recording that cannot be had or decoded is no error.
pub fn clips(
    snapshot: &Snapshot,
    folders: &RecordingFolders,
    out: ClipFolder,
    options: &ClipsOptions<'_>,
    watcher: &dyn Observer,
) -> Result<Clipped, ClipsError> {
    let chosen = choose(snapshot, &options.selection, &options.cutting, options.most_bytes)?;
    let Chosen { wanted, left_out, without_time, without_sound } = chosen;
    let (all, cut) = cut_all(&jobs(&wanted, folders), &out, options, watcher)?;
    let mut clipped = Clipped { left_out, without_time, without_sound, ..cut };
    if clipped.not_begun == 0 {
        let index = index(all.iter().map(|(at, clip)| (&wanted[*at], clip)));
        // Where a recording cannot be had this time, what an earlier run cut from it stays.
        let names = wanted.iter().map(|one| clip_name(&one.call.call_id, &one.finding.finding_id)).collect();
        clipped.removed = out.finish(&index, &names)?;
    }
    Ok(clipped)
}

/// The clips of all jobs, by the places of their findings, and what came of them.
fn cut_all(
    batches: &[Vec<Job<'_>>],
    out: &ClipFolder,
    options: &ClipsOptions<'_>,
    watcher: &dyn Observer,
) -> Result<(BTreeMap<usize, Clip>, Clipped), StorageError> {
    watcher.notice(&Event::RunStarted { recordings: batches.iter().map(Vec::len).sum() });
    let stop = || options.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
    let (mut all, mut clipped, mut trouble) = (BTreeMap::new(), Clipped::default(), None);
    let work = |job: &Job<'_>| watched(job, out, options, watcher);
    let pipeline = Pipeline::new(batches, available(options.threads), |job| job.call.file_bytes.unwrap_or(0) as u64);
    let begun = pipeline.run(&work, &stop, &mut |batch, results| {
        for (job, cut) in batches[batch].iter().zip(results) {
            match cut {
                Ok(cut) => clipped.add(job, cut, &mut all),
                Err(error) => trouble = Some(error),
            }
        }
        trouble.is_none()
    });
    clipped.not_begun = batches[begun..].iter().map(Vec::len).sum();
    trouble.map_or(Ok((all, clipped)), Err)
}

/// The calls that clips are cut from, with the files that may be their recordings.
fn jobs<'a>(wanted: &'a [Wanted], folders: &RecordingFolders) -> Vec<Vec<Job<'a>>> {
    let mut by_call: BTreeMap<(usize, &str), Vec<(usize, &Wanted)>> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for (at, one) in wanted.iter().enumerate() {
        // A finding that a dataset has twice has one clip.
        if names.insert(clip_name(&one.call.call_id, &one.finding.finding_id)) {
            by_call.entry((one.batch, &one.call.call_id)).or_default().push((at, one));
        }
    }
    let calls: Vec<_> = by_call.into_values().map(|wanted| (&*wanted[0].1.call, wanted)).collect();
    let candidates = folders.candidates(&calls.iter().map(|(call, _)| Job::sought(call)).collect::<Vec<_>>());
    let mut jobs: Vec<Vec<Job<'_>>> = Vec::new();
    for (at, ((call, wanted), candidates)) in calls.into_iter().zip(candidates).enumerate() {
        if at % AT_A_TIME == 0 {
            jobs.push(Vec::new());
        }
        jobs.last_mut().expect("the first is pushed above").push(Job { call, wanted, candidates });
    }
    jobs
}

/// The clips of one call; the watcher sees it begin and end.
fn watched(
    job: &Job<'_>,
    out: &ClipFolder,
    options: &ClipsOptions<'_>,
    watcher: &dyn Observer,
) -> Result<Cut, StorageError> {
    let call_id = &job.call.call_id;
    watcher.notice(&Event::RecordingStarted { call_id });
    let cut = catch_unwind(AssertUnwindSafe(|| job.cut(out, options))).unwrap_or_else(|_| {
        Ok(job.failed(
            "callsift stumbled over its recording and went on without it; please report the recording's format",
        ))
    })?;
    let why = cut.failed.first().map(|(_, why)| why.as_str());
    let duration_ms = job.call.duration_ms.filter(|_| !cut.clips.is_empty()).unwrap_or(0);
    watcher.notice(&Event::RecordingFinished { call_id, duration_ms, failed: cut.clips.is_empty(), error: why });
    Ok(cut)
}

impl Clipped {
    fn add(&mut self, job: &Job<'_>, cut: Cut, all: &mut BTreeMap<usize, Clip>) {
        self.recordings += usize::from(!cut.clips.is_empty());
        self.clips += cut.clips.len();
        for (at, clip) in cut.clips {
            self.bytes += clip.bytes;
            self.not_muted += usize::from(matches!(clip.muted, Muted::OneChannel | Muted::Unknown));
            all.insert(at, clip);
        }
        if let Some((_, why)) = cut.failed.first() {
            self.failed.push((job.call.call_id.clone(), cut.failed.len(), why.clone()));
        }
    }
}
