//! The clips of one call: its recording is found, verified and decoded once.

use super::choice::{Wanted, shape};
use super::folder::ClipFolder;
use super::index::{Clip, Muted};
use super::name::clip_name;
use super::run::ClipsOptions;
use super::spool::{Spool, Spooled};
use crate::audio::decode::{DecodeOptions, decode_identified};
use crate::batch::recordings::{Candidates, Sought};
use crate::storage::StorageError;
use crate::tables::CallSound;
use crate::units::Span;

/// A call that clips are cut from.
#[derive(Debug)]
pub(super) struct Job<'a> {
    pub call: &'a CallSound,
    /// Its findings, with their places among all.
    pub wanted: Vec<(usize, &'a Wanted)>,
    /// Files that may be its recording.
    pub candidates: Candidates,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// Clips, by the places of their findings.
    pub clips: Vec<(usize, Clip)>,
    /// Findings without a clip, and why.
    pub failed: Vec<(usize, String)>,
}

impl Job<'_> {
    /// What is sought.
    pub(super) fn sought(call: &CallSound) -> Sought<'_> {
        Sought {
            name: call.recording.as_deref().unwrap_or_default(),
            sha256: call.file_sha256.as_deref().unwrap_or_default(),
            bytes: call.file_bytes,
        }
    }

    /// No clip at all, for this reason.
    pub(super) fn failed(&self, why: &str) -> Cut {
        Cut { clips: Vec::new(), failed: self.wanted.iter().map(|(at, _)| (*at, why.to_owned())).collect() }
    }

    /// Cuts the clips and puts them into `out`.
    ///
    /// # Errors
    /// They cannot be written. What is wrong with the recording is no error, but told of each finding.
    pub(super) fn cut(&self, out: &ClipFolder, options: &ClipsOptions<'_>) -> Result<Cut, StorageError> {
        let mut sound = match self.hear(out, &options.decode)? {
            Ok(sound) => sound,
            Err(why) => return Ok(self.failed(&why)),
        };
        let mut cut = Cut::default();
        for &(at, wanted) in &self.wanted {
            let muted = match options.cutting.mute_other {
                true => Muted::other_of(wanted.channel, wanted.shape().1),
                false => Muted::No,
            };
            let clip = sound.clip(wanted.span, muted.channel()).map_err(ClipFolder::spool_failed)?;
            let Some((mut bytes, end_ms)) = clip else {
                cut.failed.push((at, self.nothing_there(wanted)));
                continue;
            };
            let name = clip_name(&self.call.call_id, &wanted.finding.finding_id);
            let identity = out.put(&name, &mut bytes)?;
            let clip = Clip { name, sha256: identity.sha256, bytes: identity.bytes, end_ms, muted };
            cut.clips.push((at, clip));
        }
        Ok(cut)
    }

    fn nothing_there(&self, wanted: &Wanted) -> String {
        let start_s = wanted.finding.start_ms.unwrap_or_default() as f64 / 1_000.0;
        let name = self.call.recording.as_deref().unwrap_or_default();
        format!(
            "{name} has ended by {start_s:.1} s, where {} was found; check that the transcript is of this recording",
            wanted.finding.rule
        )
    }

    /// The recording's sound, as far as it is wanted, or why there is none.
    fn hear(&self, out: &ClipFolder, options: &DecodeOptions) -> Result<Result<Spooled, String>, StorageError> {
        let sought = Self::sought(self.call);
        let (path, identity) = match self.candidates.verified(&sought) {
            Ok(found) => found,
            Err(why) => return Ok(Err(why.to_string())),
        };
        let spans: Vec<Span> = self.wanted.iter().map(|(_, wanted)| wanted.span).collect();
        let last_ms = spans.iter().map(|span| span.end_ms).max().unwrap_or(0);
        // What comes after the last clip need not be decoded.
        let max_duration_ms = options.max_duration_ms.min(last_ms.saturating_add(1));
        let inspected = shape(self.call).unwrap_or_default();
        let (mut spool, mut other, mut written) = (Spool::new(out.spool()?, inspected, &spans), None, Ok(()));
        let decoded =
            decode_identified(path, identity, &DecodeOptions { max_duration_ms, ..options.clone() }, &mut |pcm| {
                let now = (pcm.rate_hz, pcm.channels.len() as u16);
                if now != inspected {
                    other = Some(now);
                } else if written.is_ok() {
                    written = spool.push(pcm);
                }
            });
        written.map_err(ClipFolder::spool_failed)?;
        Ok(match (decoded, other) {
            (_, Some(other)) => Err(otherwise(sought.name, other, inspected)),
            (Err(error), None) => Err(format!("{}: {error}", sought.name)),
            (Ok(_), None) => Ok(spool.finish().map_err(ClipFolder::spool_failed)?),
        })
    }
}

fn otherwise(name: &str, now: (u32, u16), inspected: (u32, u16)) -> String {
    format!(
        "{name} is decoded to {} Hz and {} channels, and was to {} Hz and {} when it was inspected; give the flags --raw and --channels that inspect was \
         given",
        now.0, now.1, inspected.0, inspected.1
    )
}
