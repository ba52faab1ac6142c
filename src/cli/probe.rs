//! `callsift probe`: what is heard in a recording, one JSON object a line.

use super::args::Probe;
use super::terminal::escaped;
use super::{EXIT_IO, EXIT_OK, EXIT_SOME_FAILED};
use crate::acoustics::{Acoustics, ChannelAcoustics, FrameMeasure, Pitch};
use crate::audio::decode::{DecodeError, DecodeOptions, Decoded, identify};
use crate::batch::hear::{hear, hear_frames};
use serde::{Serialize, Serializer};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Prints one line a file; a file that cannot be read gives a line with `error`.
pub(super) fn run(args: &Probe) -> u8 {
    let mut code = EXIT_OK;
    let mut stdout = BufWriter::new(std::io::stdout().lock());
    let options = args.decoding.options();
    for path in &args.files {
        let printed = match Heard::hear(path, &options, args.frames) {
            Ok(heard) => print(&mut stdout, &Probed::new(path, &heard)),
            Err(error) => {
                code = EXIT_SOME_FAILED;
                print(&mut stdout, &NotProbed::new(path, &error))
            }
        };
        if printed.is_err() {
            return EXIT_IO;
        }
    }
    code
}

/// Strings and finite numbers are always JSON, so what fails is the writing.
fn print(out: &mut impl Write, answer: &impl Serialize) -> std::io::Result<()> {
    writeln!(out, "{}", escaped(&serde_json::to_string(answer)?))?;
    out.flush()
}

struct Heard {
    decoded: Decoded,
    acoustics: Acoustics,
    /// By channel; empty unless they were asked for.
    frames: Vec<Vec<FrameMeasure>>,
}

impl Heard {
    fn hear(path: &Path, options: &DecodeOptions, frames: bool) -> Result<Self, DecodeError> {
        if frames {
            let (decoded, acoustics, frames) = hear_frames(path, options)?;
            return Ok(Self { decoded, acoustics, frames });
        }
        let (decoded, acoustics) = hear(path, identify(path)?, options, &mut |_| {})?;
        Ok(Self { decoded, acoustics, frames: Vec::new() })
    }
}

#[derive(Serialize)]
struct Probed<'a> {
    path: String,
    decoder: &'a str,
    codec: &'a str,
    rate_hz: u32,
    channels: Vec<ProbedChannel<'a>>,
    duration_ms: i64,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct ProbedChannel<'a> {
    /// `[start_ms, end_ms]` of every stretch of speech.
    speech: Vec<[i64; 2]>,
    level_dbfs: f32,
    /// Share of samples at full scale, 0 to 1.
    clipping: f64,
    /// Median over voiced frames; null where nothing is voiced.
    pitch_median_hz: Option<f32>,
    /// 10th and 90th percentile over voiced frames.
    pitch_range_hz: Option<[f32; 2]>,
    /// Null without speech.
    syllables_per_s: Option<f32>,
    /// How angry all its speech sounds, 0 to 1, to three decimals; null where there is too little of it.
    anger: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frames: Option<Frames<'a>>,
}

/// Written one by one: four hours are 1.4 million a channel.
struct Frames<'a>(&'a [FrameMeasure]);

impl Serialize for Frames<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(ProbedFrame::new))
    }
}

#[derive(Serialize)]
struct ProbedFrame {
    /// How likely speech is, 0 to 1.
    speech: f64,
    /// 0 where nothing is voiced.
    f0_hz: f64,
    level_dbfs: f64,
}

impl ProbedFrame {
    fn new(frame: &FrameMeasure) -> Self {
        let rounded = |value: f32, steps: f64| (f64::from(value) * steps).round() / steps;
        Self {
            speech: rounded(f32::from(frame.speech) / 255.0, 1_000.0),
            f0_hz: frame.pitch.map_or(0.0, |pitch| rounded(pitch.0, 10.0)),
            level_dbfs: rounded(frame.level_dbfs.0, 10.0),
        }
    }
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

impl<'a> Probed<'a> {
    fn new(path: &Path, heard: &'a Heard) -> Self {
        let channel = |(n, channel)| ProbedChannel::new(channel, heard.frames.get(n).map(Vec::as_slice));
        Self {
            path: path.display().to_string(),
            decoder: &heard.decoded.decoder,
            codec: &heard.decoded.codec,
            rate_hz: heard.decoded.rate_hz,
            channels: heard.acoustics.channels.iter().enumerate().map(channel).collect(),
            duration_ms: heard.acoustics.duration_ms,
            warnings: &heard.decoded.warnings,
        }
    }
}

impl<'a> ProbedChannel<'a> {
    fn new(channel: &ChannelAcoustics, frames: Option<&'a [FrameMeasure]>) -> Self {
        Self {
            speech: channel.stretches.iter().map(|stretch| [stretch.span.start_ms, stretch.span.end_ms]).collect(),
            level_dbfs: channel.level_dbfs.0,
            clipping: channel.clipping,
            pitch_median_hz: channel.pitch.map(|pitch| pitch.median.0),
            pitch_range_hz: channel.pitch.map(|Pitch { low, high, .. }| [low.0, high.0]),
            syllables_per_s: channel.articulation_syllables_per_s,
            frames: frames.map(Frames),
            anger: channel.anger.map(|anger| (f64::from(anger.probability) * 1_000.0).round() / 1_000.0),
        }
    }
}
