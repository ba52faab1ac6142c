//! What the tests of decoding share: hearing a recording here and by other programs, and the corpus.

#![allow(dead_code, reason = "every test takes what it needs")]
#![expect(clippy::print_stdout, reason = "a test that is skipped must say so")]
#![expect(clippy::disallowed_methods, reason = "tests work on files")]

use callsift::audio::decode::{DecodeError, DecodeOptions, Decoded, decode};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whether the program is on this machine; says so where it is not.
pub(crate) fn has(program: &str) -> bool {
    let version = if program == "sox" { "--version" } else { "-version" };
    let found = Command::new(program).arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !found {
        println!("SKIPPED: {program} is not on this machine");
    }
    found
}

/// What a recording decodes to, samples interleaved.
pub(crate) fn hear(path: &Path, options: &DecodeOptions) -> Result<(Decoded, Vec<f32>), DecodeError> {
    let mut heard = Vec::new();
    let decoded = decode(path, options, &mut |pcm| {
        for frame in 0..pcm.frames() {
            heard.extend(pcm.channels.iter().map(|samples| samples[frame]));
        }
    })?;
    Ok((decoded, heard))
}

/// Interleaved samples, channel by channel.
pub(crate) fn planar(samples: &[f32], channels: u16) -> Vec<Vec<f32>> {
    let channels = usize::from(channels);
    (0..channels).map(|channel| samples.iter().skip(channel).step_by(channels).copied().collect()).collect()
}

/// The samples that a program writes to its standard output as floats.
pub(crate) fn samples_of(program: &str, arguments: &[&str]) -> Vec<f32> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().expect("the program starts");
    let (words, _) = output.stdout.as_chunks::<4>();
    words.iter().map(|word| f32::from_le_bytes(*word)).collect()
}

/// What ffmpeg decodes with `decoder`, options such as `-c:a libopus`, at the rate and with the channels of ours.
pub(crate) fn theirs(path: &Path, decoded: &Decoded, decoder: &[&str]) -> Vec<f32> {
    let (rate, channels) = (decoded.rate_hz.to_string(), decoded.channels.to_string());
    let path = path.to_str().expect("a name in UTF-8");
    let after = ["-i", path, "-map", "0:a:0", "-f", "f32le", "-ar", &rate, "-ac", &channels, "-"];
    samples_of("ffmpeg", &[&["-v", "quiet"], decoder, &after].concat())
}

/// The folder of recordings to measure against, which is no part of the repository; none where there is none.
/// `CALLSIFT_CORPORA` names the folder of corpora, else it is looked for beside the sources.
pub(crate) fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let folder = std::env::var_os("CALLSIFT_CORPORA").map_or(beside, PathBuf::from).join("decode");
    let found = folder.join("manifest.csv").is_file();
    if !found {
        println!("SKIPPED: there is no corpus of recordings");
    }
    found.then_some(folder)
}

/// A file of the corpus, and what ffmpeg made of it.
pub(crate) struct Known {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) container: String,
    pub(crate) codec: String,
    pub(crate) channels: u16,
    pub(crate) decoded_s: f64,
    pub(crate) declared_s: Option<f64>,
    pub(crate) is_clean: bool,
}

/// The files of the corpus in `folder`.
pub(crate) fn known_files(folder: &Path) -> Vec<Known> {
    let mut reader = csv::Reader::from_path(folder.join("manifest.csv")).expect("a list of files");
    let headers = reader.headers().expect("names of columns").clone();
    let column = |name: &str| headers.iter().position(|header| header == name).expect("a known column");
    let known = |row: &csv::StringRecord| Known {
        path: folder.join(&row[column("path")]),
        name: row[column("path")].to_owned(),
        container: row[column("ff_format")].to_owned(),
        codec: row[column("ff_codec")].to_owned(),
        channels: row[column("ff_channels")].parse().unwrap_or(0),
        decoded_s: row[column("ffmpeg_decoded_s")].parse().unwrap_or(0.0),
        declared_s: row[column("ff_duration_s")].parse().ok(),
        is_clean: &row[column("ffmpeg_rc")] == "0" && &row[column("ffmpeg_err_lines")] == "0",
    };
    reader.records().map(|row| known(&row.expect("a row"))).collect()
}
