//! Prints what the model of anger sees of recordings, as CSV: a line for each piece of speech.
//!
//! `cargo run --release --example anger_features -- LIST`, where `LIST` is a text file that names one recording a line;
//! `models/anger/fit.py` calls it. The first columns are the recording's line, its channel and the piece's voiced frames.

#![expect(clippy::disallowed_methods, reason = "reads a list of recordings")]
#![expect(clippy::print_stdout, reason = "prints features")]

use callsift::acoustics::Measurer;
use callsift::acoustics::anger::{NAMES, Piece};
use callsift::audio::decode::{DecodeError, DecodeOptions, decode};
use callsift::audio::resample::Resampler;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let list = std::env::args().nth(1).ok_or("name a list of recordings")?;
    println!("recording,channel,voiced_frames,{}", NAMES.join(","));
    for (recording, path) in std::fs::read_to_string(list)?.lines().enumerate() {
        for (channel, pieces) in pieces(Path::new(path))?.iter().enumerate() {
            for piece in pieces {
                let values: Vec<String> = piece.measures.iter().map(|value| format!("{value:.6}")).collect();
                println!("{recording},{channel},{},{}", piece.voiced_frames, values.join(","));
            }
        }
    }
    Ok(())
}

fn pieces(path: &Path) -> Result<Vec<Vec<Piece>>, DecodeError> {
    let mut hearing: Option<(Resampler, Measurer)> = None;
    decode(path, &DecodeOptions::default(), &mut |pcm| {
        let channels = pcm.channels.len();
        let (resampler, measurer) =
            hearing.get_or_insert_with(|| (Resampler::new(pcm.rate_hz, channels), Measurer::new(channels)));
        let slices: Vec<&[f32]> = pcm.channels.iter().map(Vec::as_slice).collect();
        resampler.push(&slices, &mut |block| measurer.push(block));
    })?;
    let Some((resampler, mut measurer)) = hearing else { return Ok(Vec::new()) };
    resampler.finish(&mut |block| measurer.push(block));
    Ok(measurer.finish_with_pieces())
}
