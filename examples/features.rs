//! Writes what the models of speech and of anger see of recordings, to fit them.
//!
//! `cargo run --release --example features -- activity|anger LIST`, where `LIST` is a text file that names one recording a
//! line; `models/*/fit.py` call it. Rows of 32-bit floats, little-endian, go to standard output: the recording's line and
//! its channel, then, for `activity`, the number of the frame (of 10 ms; every fifth) and its clues, or, for `anger`, the
//! voiced frames of a piece of speech and its measures.

#![expect(clippy::disallowed_methods, reason = "reads a list of recordings")]

use callsift::acoustics::Measurer;
use callsift::audio::decode::{DecodeError, DecodeOptions, decode};
use callsift::audio::resample::Resampler;
use std::io::Write;
use std::path::Path;

/// One frame in so many is enough to learn from.
const EVERY: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, list] = arguments.as_slice() else { return Err("name a model and a list of recordings".into()) };
    let rows = match model.as_str() {
        "activity" => clues,
        "anger" => pieces,
        other => return Err(format!("no model of {other}: activity and anger").into()),
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (recording, path) in std::fs::read_to_string(list)?.lines().enumerate() {
        let Some(measurer) = heard(Path::new(path))? else { continue };
        for row in rows(measurer) {
            for value in std::iter::once(recording as f32).chain(row) {
                out.write_all(&value.to_le_bytes())?;
            }
        }
    }
    Ok(out.flush()?)
}

fn clues(measurer: Measurer) -> Vec<Vec<f32>> {
    let row = |channel: usize, frame: usize, clues: [f32; _]| [&[channel as f32, frame as f32], &clues[..]].concat();
    let channels = measurer.finish_with_clues().into_iter().enumerate();
    channels
        .flat_map(|(channel, all)| {
            all.into_iter().enumerate().step_by(EVERY).map(move |(frame, clues)| row(channel, frame, clues.0))
        })
        .collect()
}

fn pieces(measurer: Measurer) -> Vec<Vec<f32>> {
    let channels = measurer.finish_with_pieces().into_iter().enumerate();
    channels
        .flat_map(|(channel, pieces)| {
            pieces
                .into_iter()
                .map(move |piece| [&[channel as f32, piece.voiced_frames as f32], &piece.measures[..]].concat())
        })
        .collect()
}

/// The recording at `path`, measured; `None` where there is no sound.
fn heard(path: &Path) -> Result<Option<Measurer>, DecodeError> {
    let mut hearing: Option<(Resampler, Measurer)> = None;
    decode(path, &DecodeOptions::default(), &mut |pcm| {
        let channels = pcm.channels.len();
        let (resampler, measurer) =
            hearing.get_or_insert_with(|| (Resampler::new(pcm.rate_hz, channels), Measurer::new(channels)));
        let slices: Vec<&[f32]> = pcm.channels.iter().map(Vec::as_slice).collect();
        resampler.push(&slices, &mut |block| measurer.push(block));
    })?;
    Ok(hearing.map(|(resampler, mut measurer)| {
        resampler.finish(&mut |block| measurer.push(block));
        measurer
    }))
}
