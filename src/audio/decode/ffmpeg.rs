//! What nothing here decodes is given to ffmpeg, where it is installed: a child with limits on time,
//! memory and output, that may read this one file and nothing else.

use super::child::process::{Child, Exit, Limits};
use super::container::what_is_missing;
use super::fence::{corrupt, fill};
use super::foreign::{self, START_BYTES};
use super::tail::tail_of;
use super::timeline::Timeline;
use super::{Blocks, DecodeError, DecodeOptions, Stream};
use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

mod words;
use words::Words;

/// Which ffmpeg decodes what nothing here does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Ffmpeg {
    /// The one that the command search path leads to, if there is one.
    #[default]
    OnPath,
    /// This program.
    At(PathBuf),
    /// None.
    Never,
}

/// Decodes the recording at `path`, which is `bytes` long, where `error` says that nothing here does
/// and ffmpeg may; else returns the error, with the codec's name where it is known.
pub(super) fn decode_instead(
    error: DecodeError,
    path: &Path,
    bytes: u64,
    options: &DecodeOptions,
    blocks: &mut Blocks<'_>,
) -> Result<Stream, DecodeError> {
    let Some(error) = named(error, path) else { return Err(DecodeError::NotAudio) };
    let program = match (&options.ffmpeg, &error) {
        (Ffmpeg::OnPath, DecodeError::UnsupportedCodec { .. }) => PathBuf::from("ffmpeg"),
        (Ffmpeg::At(program), DecodeError::UnsupportedCodec { .. }) => program.clone(),
        _ => return Err(error),
    };
    if blocks.frames > 0 {
        return Err(error);
    }
    blocks.reset();
    let limits = Limits::of(bytes);
    match Child::start(&program, arguments(path, options), &limits, Words::listen) {
        Some(child) => {
            let stream = decode(child, &limits, bytes, blocks, error)?;
            Ok(Stream { partial: stream.partial.or_else(|| cut_off(path, bytes, blocks)), ..stream })
        }
        None => Err(error),
    }
}

/// What the end of the file gives away that ffmpeg does not say.
fn cut_off(path: &Path, bytes: u64, blocks: &Blocks<'_>) -> Option<DecodeError> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
    let tail = tail_of(&mut File::open(path).ok()?, bytes, &extension).ok()?;
    what_is_missing(tail, blocks.frames).filter(|_| !blocks.cut)
}

/// The error, with the name of the codec where the bytes or the extension tell it; none where the file
/// is no recording at all.
fn named(error: DecodeError, path: &Path) -> Option<DecodeError> {
    let may_be_foreign =
        matches!(error, DecodeError::NotAudio | DecodeError::UnsupportedCodec { .. } | DecodeError::Corrupt { .. });
    if !may_be_foreign {
        return Some(error);
    }
    let mut start = [0; START_BYTES];
    let read = File::open(path).and_then(|mut file| fill(&mut file, &mut start)).unwrap_or(0);
    match (foreign::name(&start[..read], path), error) {
        (Some(codec), _) => Some(DecodeError::UnsupportedCodec { codec: codec.to_owned() }),
        (None, DecodeError::NotAudio) => None,
        (None, error) => Some(error),
    }
}

fn decode(
    mut child: Child<Words>,
    limits: &Limits,
    bytes: u64,
    blocks: &mut Blocks<'_>,
    error: DecodeError,
) -> Result<Stream, DecodeError> {
    let mut timeline = Timeline::new(blocks, bytes);
    let end = copy(&mut child, &mut timeline).err();
    let was_cut = timeline.blocks.cut;
    let (words, exit) = child.finish(was_cut || end.is_some());
    let frames = timeline.blocks.frames;
    let claimed = words.claimed_ms.map(|ms| ms * u64::from(timeline.blocks.pcm.rate_hz) / 1_000);
    let end = match exit {
        Exit::TimedOut => Some(DecodeError::TimedOut { limit_s: limits.stall_s }),
        Exit::Missing => return Err(error),
        Exit::Done => end.or_else(|| words.complaint(was_cut)),
        Exit::Failed => end.or_else(|| words.complaint(was_cut)).or_else(|| Some(corrupt("ffmpeg gives up"))),
    };
    if frames == 0 {
        // What ffmpeg does not know either is told as what it is.
        let is_known = words.codec.as_deref().is_some_and(|codec| !codec.starts_with("none"));
        return Err(end.filter(|_| is_known || exit == Exit::TimedOut).unwrap_or(error));
    }
    let short = claimed.filter(|claimed| !was_cut && is_short(frames, *claimed, timeline.blocks.pcm.rate_hz));
    let end = end.or(short.map(|claimed| DecodeError::Truncated { there: frames, claimed }));
    let codec = words.codec.unwrap_or_else(|| "unknown".to_owned());
    Ok(Stream { decoder: "ffmpeg", codec, warnings: timeline.warnings(), partial: end })
}

/// Whether more than 2 % and a tenth of a second is missing: ffmpeg's lengths are rounded.
fn is_short(there: u64, claimed: u64, rate_hz: u32) -> bool {
    let missing = claimed.saturating_sub(there);
    missing > claimed / 50 && missing > u64::from(rate_hz) / 10
}

/// Formats among which lists of other files, and addresses, have no place.
const FORMATS: &str = "aac,ac3,act,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dts,eac3,flac,flv,g722,g723_1,g726,g726le,\
    g729,gsm,ilbc,ircam,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpeg,mpegts,nistsphere,ogg,qcp,rm,tak,tta,\
    voc,w64,wav,wv";

fn arguments(path: &Path, options: &DecodeOptions) -> Vec<OsString> {
    let mut input = OsString::from("file:");
    input.push(path);
    let limit = (options.max_duration_ms.max(0) / 1_000 + 1).to_string();
    let before = ["-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+info", "-threads", "1"];
    let fences = ["-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS];
    let after = ["-map", "0:a:0", "-t", &limit, "-f", "au", "-c:a", "pcm_f32be", "pipe:1"];
    let options = before.into_iter().chain(fences).chain(["-i"]).map(OsString::from);
    options.chain([input]).chain(after.into_iter().map(OsString::from)).collect()
}

/// Samples of ffmpeg's output that are read at a time.
const READ_SAMPLES: usize = 1 << 15;

/// Hands on what ffmpeg writes: a Sun audio file of floats, whose header tells rate and channels.
fn copy(sound: &mut impl Read, timeline: &mut Timeline<'_, '_>) -> Result<(), DecodeError> {
    let Some((rate_hz, channels)) = header(sound)? else { return Ok(()) };
    timeline.open(rate_hz, channels)?;
    let frame_bytes = 4 * channels;
    let mut bytes = vec![0; READ_SAMPLES / channels * frame_bytes];
    loop {
        let read = fill(sound, &mut bytes)?;
        let block = &bytes[..read];
        let goes_on = timeline.place(None, read / frame_bytes, &|range, channels| {
            for (channel, samples) in channels.iter_mut().enumerate() {
                samples.clear();
                let frames = block[range.start * frame_bytes..range.end * frame_bytes].chunks_exact(frame_bytes);
                samples.extend(
                    frames.filter_map(|frame| frame[4 * channel..].first_chunk()).map(|s| f32::from_be_bytes(*s)),
                );
            }
        })?;
        if !goes_on || read < bytes.len() {
            return Ok(());
        }
    }
}

/// Rate in Hz and channels; none where ffmpeg wrote nothing.
fn header(sound: &mut impl Read) -> Result<Option<(u32, usize)>, DecodeError> {
    let mut header = [0; 24];
    if fill(sound, &mut header)? < header.len() || !header.starts_with(b".snd") {
        return Ok(None);
    }
    let word = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let (start, rate_hz, channels) = (word(4), word(16), word(20));
    // A note may stand between the header and the sound.
    std::io::copy(&mut sound.by_ref().take(u64::from(start.saturating_sub(24)).min(65_536)), &mut std::io::sink())?;
    Ok((channels > 0).then_some((rate_hz, channels as usize)))
}
