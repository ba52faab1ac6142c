//! Writes what the models of speech, anger and syllables see of recordings, to fit them.
//!
//! `cargo run --release --example features -- activity|anger|syllables LIST`, where `LIST` is a text file that names one
//! recording a line; `models/*/fit.py` call it. A line with the names of columns goes to standard output, then rows of
//! 32-bit floats, little-endian: the recording's line and its channel, then, for `activity`, the number of the pair of
//! frames (20 ms) and its clues; for `anger`, the voiced frames of a piece of speech and its measures; for `syllables`, the start of a
//! frame of a stretch and its clues.

#![expect(clippy::disallowed_methods, reason = "reads a list of recordings")]

use callsift::acoustics::activity::CLUES;
use callsift::acoustics::anger::NAMES;
use callsift::acoustics::{FRAME_MS, Keep, Kept, Measurer, syllables};
use callsift::audio::decode::{DecodeError, DecodeOptions, decode};
use callsift::audio::resample::Resampler;
use std::io::Write;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, list] = arguments.as_slice() else { return Err("name a model and a list of recordings".into()) };
    let (columns, keep) = match model.as_str() {
        "activity" => ((1..=CLUES).fold("pair".to_owned(), |names, n| format!("{names},clue {n}")), Keep::Clues),
        "anger" => (format!("voiced_frames,{}", NAMES.join(",")), Keep::Pieces),
        "syllables" => (
            (1..=syllables::CLUES).fold("start_ms".to_owned(), |names, n| format!("{names},clue {n}")),
            Keep::Syllables,
        ),
        other => return Err(format!("no model of {other}: activity, anger and syllables").into()),
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    writeln!(out, "recording,channel,{columns}")?;
    for (recording, path) in std::fs::read_to_string(list)?.lines().enumerate() {
        for (channel, kept) in kept(Path::new(path), keep)?.into_iter().enumerate() {
            for row in rows(&kept) {
                for value in [recording as f32, channel as f32].into_iter().chain(row) {
                    out.write_all(&value.to_le_bytes())?;
                }
            }
        }
    }
    Ok(out.flush()?)
}

fn rows(kept: &Kept) -> Vec<Vec<f32>> {
    let clues = kept.clues.iter().enumerate().map(|(pair, clues)| [&[pair as f32], &clues.0[..]].concat());
    let pieces = kept.pieces.iter().map(|piece| [&[piece.voiced_frames as f32], &piece.measures[..]].concat());
    let syllables = kept.syllables.iter().flat_map(|(span, run)| {
        let starts = (span.start_ms..).step_by(FRAME_MS as usize);
        run.iter().zip(starts).map(|(clues, start_ms)| [&[start_ms as f32], &clues[..]].concat())
    });
    clues.chain(pieces).chain(syllables).collect()
}

/// What is kept of each channel of the recording at `path`; nothing where there is no sound.
fn kept(path: &Path, keep: Keep) -> Result<Vec<Kept>, DecodeError> {
    let mut hearing: Option<(Resampler, Measurer)> = None;
    decode(path, &DecodeOptions::default(), &mut |pcm| {
        let channels = pcm.channels.len();
        let (resampler, measurer) =
            hearing.get_or_insert_with(|| (Resampler::new(pcm.rate_hz, channels), Measurer::keeping(channels, keep)));
        let slices: Vec<&[f32]> = pcm.channels.iter().map(Vec::as_slice).collect();
        resampler.push(&slices, &mut |block| measurer.push(block));
    })?;
    Ok(hearing.map_or_else(Vec::new, |(resampler, mut measurer)| {
        resampler.finish(&mut |block| measurer.push(block));
        measurer.finish_with_kept().1
    }))
}
