//! One pass over a recording: decodes it, brings it to the rate of analysis, measures it.

use crate::acoustics::{Acoustics, FrameMeasure, Keep, Measurer};
use crate::audio::Pcm;
use crate::audio::decode::{DecodeError, DecodeOptions, Decoded, Identity, decode_identified, identify};
use crate::audio::resample::Resampler;
use std::path::Path;

/// Decodes and measures the recording at `path`, which [`identify`] has read; memory does not grow with its samples. Every block
/// that is decoded is shown to `also` as well.
///
/// # Errors
///
/// Those of [`decode_identified`]: when not a single sample can be had.
pub fn hear(
    path: &Path,
    identity: Identity,
    options: &DecodeOptions,
    also: &mut dyn FnMut(&Pcm),
) -> Result<(Decoded, Acoustics), DecodeError> {
    let (decoded, measurer) = measure(path, identity, options, Keep::Nothing, also)?;
    Ok((decoded, measurer.finish()))
}

/// As [`hear`], with what each frame of each channel shows.
///
/// # Errors
///
/// Those of [`identify`] and [`decode_identified`].
pub fn hear_frames(
    path: &Path,
    options: &DecodeOptions,
) -> Result<(Decoded, Acoustics, Vec<Vec<FrameMeasure>>), DecodeError> {
    let (decoded, measurer) = measure(path, identify(path)?, options, Keep::Frames, &mut |_| {})?;
    let (acoustics, kept) = measurer.finish_with_kept();
    Ok((decoded, acoustics, kept.into_iter().map(|channel| channel.frames).collect()))
}

fn measure(
    path: &Path,
    identity: Identity,
    options: &DecodeOptions,
    keep: Keep,
    also: &mut dyn FnMut(&Pcm),
) -> Result<(Decoded, Measurer), DecodeError> {
    let mut hearing: Option<(Resampler, Measurer)> = None;
    let decoded = decode_identified(path, identity, options, &mut |pcm| {
        let (resampler, measurer) = hearing.get_or_insert_with(|| {
            let channels = pcm.channels.len();
            (Resampler::new(pcm.rate_hz, channels), Measurer::keeping(channels, keep).clipping_at(pcm.full_scale))
        });
        push(pcm, resampler, measurer);
        also(pcm);
    })?;
    let (resampler, mut measurer) = hearing.ok_or(DecodeError::NoSamples)?;
    resampler.finish(&mut |block| measurer.push(block));
    Ok((decoded, measurer))
}

/// One and two channels, which are all that is decoded, need no list of slices on the heap.
fn push(pcm: &Pcm, resampler: &mut Resampler, measurer: &mut Measurer) {
    let mut sink = |block: &[&[f32]]| measurer.push(block);
    match pcm.channels.as_slice() {
        [only] => resampler.push(&[only], &mut sink),
        [left, right] => resampler.push(&[left, right], &mut sink),
        more => resampler.push(&more.iter().map(Vec::as_slice).collect::<Vec<_>>(), &mut sink),
    }
}
