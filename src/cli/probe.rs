//! `callsift probe`: what is heard in a recording, one JSON object a line.

use super::args::Probe;
use super::{EXIT_IO, EXIT_OK, EXIT_SOME_FAILED};
use crate::acoustics::{Acoustics, ChannelAcoustics, Pitch};
use crate::audio::decode::{DecodeError, Decoded, identify};
use crate::batch::hear::hear;
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// Prints one line a file; a file that cannot be read gives a line with `error`.
pub(super) fn run(args: &Probe) -> u8 {
    let mut code = EXIT_OK;
    let mut stdout = std::io::stdout().lock();
    let options = args.decoding.options();
    for path in &args.files {
        let answer = match identify(path).and_then(|identity| hear(path, identity, &options)) {
            Ok((decoded, acoustics)) => serde_json::to_string(&Probed::new(path, decoded, &acoustics)),
            Err(error) => {
                code = EXIT_SOME_FAILED;
                serde_json::to_string(&NotProbed::new(path, &error))
            }
        };
        let answer = answer.expect("strings and finite numbers are always JSON");
        if writeln!(stdout, "{answer}").is_err() {
            return EXIT_IO;
        }
    }
    code
}

#[derive(Serialize)]
struct Probed {
    path: String,
    decoder: String,
    codec: String,
    rate_hz: u32,
    channels: Vec<ProbedChannel>,
    duration_ms: i64,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct ProbedChannel {
    /// `[start_ms, end_ms]` of every stretch of speech.
    speech: Vec<[i64; 2]>,
    level_dbfs: f32,
    /// Share of samples at full scale, 0 to 1.
    clipping: f64,
    /// Median over voiced frames; null where nothing is voiced.
    pitch_median_hz: Option<f32>,
    /// 10th and 90th percentile over voiced frames.
    pitch_range_hz: Option<[f32; 2]>,
}

#[derive(Serialize)]
struct NotProbed {
    path: String,
    error: ErrorLine,
}

#[derive(Serialize)]
struct ErrorLine {
    code: &'static str,
    message: String,
}

impl NotProbed {
    fn new(path: &Path, error: &DecodeError) -> Self {
        Self { path: path.display().to_string(), error: ErrorLine { code: error.code(), message: error.to_string() } }
    }
}

impl Probed {
    fn new(path: &Path, decoded: Decoded, acoustics: &Acoustics) -> Self {
        Self {
            path: path.display().to_string(),
            decoder: decoded.decoder,
            codec: decoded.codec,
            rate_hz: decoded.rate_hz,
            channels: acoustics.channels.iter().map(ProbedChannel::new).collect(),
            duration_ms: acoustics.duration_ms,
            warnings: decoded.warnings,
        }
    }
}

impl ProbedChannel {
    fn new(channel: &ChannelAcoustics) -> Self {
        Self {
            speech: channel.stretches.iter().map(|stretch| [stretch.span.start_ms, stretch.span.end_ms]).collect(),
            level_dbfs: channel.level_dbfs.0,
            clipping: channel.clipping,
            pitch_median_hz: channel.pitch.map(|pitch| pitch.median.0),
            pitch_range_hz: channel.pitch.map(|Pitch { low, high, .. }| [low.0, high.0]),
        }
    }
}
