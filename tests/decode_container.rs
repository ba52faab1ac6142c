//! Compressed recordings against ffmpeg: how long they are, and what is heard when.
//!
//! The corpus lies beside the repository and is not part of it; where it, or ffmpeg, is missing, the tests say so
//! and pass. Lossy codecs agree to 40 dB, aligned within one frame of the codec.

mod decoding;

use callsift::audio::decode::{DecodeError, DecodeOptions, Decoded};
use decoding::{Known, corpus, has, hear, known_files, theirs};

/// Codecs that these tests are about, as ffmpeg names them.
const CODECS: [&str; 6] = ["mp3", "aac", "flac", "vorbis", "opus", "alac"];

/// Codecs that only ffmpeg decodes.
const BY_FFMPEG: [&str; 9] = ["mp2", "wmav2", "wmalossless", "speex", "ac3", "g723_1", "tta", "wavpack", "mp4als"];

/// Signal over difference in dB, at the best of the offsets, in frames; infinite where they are the same.
fn agreement(ours: &[f32], theirs: &[f32], channels: usize, offsets: std::ops::RangeInclusive<i64>) -> (f64, i64) {
    let at = |offset: i64| {
        let (skip_ours, skip_theirs) = ((-offset).max(0) as usize * channels, offset.max(0) as usize * channels);
        let (mut signal, mut noise) = (1e-12_f64, 1e-30_f64);
        for (a, b) in ours.iter().skip(skip_ours).zip(theirs.iter().skip(skip_theirs)) {
            signal += f64::from(*b).powi(2);
            noise += f64::from(a - b).powi(2);
        }
        10.0 * (signal / noise).log10()
    };
    let exact = at(0);
    if exact > 40.0 {
        return (exact, 0);
    }
    offsets.map(|offset| (at(offset), offset)).max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((exact, 0))
}

/// Files that differ from ffmpeg's and are right, or are not decoded at all, and why.
const EXCEPTIONS: [(&str, &str); 14] = [
    ("05 - 32bps audio.flac", "symphonia overflows on 32 bits in builds with checks"),
    ("10 - file starting at frame header.flac", "no header to know the stream by"),
    ("01 - changing samplerate.flac", "symphonia stops where the rate changes, and the rest is said to be missing"),
    ("02 - increasing number of channels.flac", "the same with channels"),
    ("03 - decreasing number of channels.flac", "more than two channels"),
    ("04 - wrong number of channels.flac", "symphonia believes the header"),
    ("10 - invalid vorbis comment metadata block.flac", "symphonia refuses the comment"),
    ("mpeg25_id3v2.mp3", "ffmpeg leaves the encoder's padding, which we trim"),
    ("mpeg25_id3v1.mp3", "the same"),
    ("mpeg2_id3v1.mp3", "the same"),
    ("vbr_xing_header_short.mp3", "the same"),
    ("aishell_mp3vbr_trunc50.mp3", "ffmpeg guesses at half a frame"),
    ("test2.wma", "no samples"),
    ("silence.wma", "no samples in common"),
];

/// What is wrong with `result`, and a line about it.
fn judged(row: &Known, result: &Result<(Decoded, Vec<f32>), DecodeError>) -> (bool, String) {
    let (decoded, samples) = match result {
        Ok((decoded, samples)) => (decoded, samples),
        Err(error) => {
            let line = format!("{:17} ffmpeg {:8.3} s, {} ({error})", error.code(), row.decoded_s, row.name);
            return (row.decoded_s > 0.0, line);
        }
    };
    let seconds = decoded.duration_ms as f64 / 1e3;
    let near = |other: f64| (seconds - other).abs() <= (other * 0.02).max(0.021);
    let is_right = near(row.decoded_s) || row.declared_s.is_some_and(near);
    // ffmpeg's own decoder of Opus resamples speech in another way than the standard's, and has its own limits.
    let decoders: &[&[&str]] = if row.codec == "opus" { &[&["-c:a", "libopus"], &[]] } else { &[&[]] };
    let compared = decoders.iter().map(|decoder| {
        agreement(samples, &theirs(&row.path, decoded, decoder), usize::from(decoded.channels), -1_200..=1_200)
    });
    let (db, offset) = compared.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default();
    let status = decoded.partial.as_ref().map_or("ok", |partial| partial.code);
    let line = format!(
        "{status:17} {seconds:8.3} s, ffmpeg {:8.3} s, {db:6.1} dB at {offset:5} {:9} {:7} {} {:?}",
        row.decoded_s, decoded.decoder, decoded.codec, row.name, decoded.warnings
    );
    let is_ours = CODECS.contains(&row.codec.as_str());
    let is_by = is_ours != (decoded.decoder == "ffmpeg");
    (!is_right || db < 40.0 || !is_by, line)
}

#[test]
fn the_corpus_decodes_as_ffmpeg_does() {
    let (Some(folder), true) = (corpus(), has("ffmpeg")) else { return };
    let mut wrong = Vec::new();
    for row in known_files(&folder) {
        if !CODECS.contains(&row.codec.as_str()) && !BY_FFMPEG.contains(&row.codec.as_str()) {
            continue;
        }
        let result = hear(&row.path, &DecodeOptions::default());
        let (is_wrong, line) = judged(&row, &result);
        println!("{line}");
        let is_excepted = EXCEPTIONS.iter().any(|(name, _)| row.name.ends_with(name));
        if row.is_clean && is_wrong && !is_excepted {
            wrong.push(line);
        }
        let is_cut = row.name.starts_with("broken/") || CHANGING.iter().any(|name| row.name.ends_with(name));
        let is_silent_about_it = result.is_ok_and(|(decoded, _)| decoded.partial.is_none());
        if is_cut && is_silent_about_it && !CUT_WITHOUT_A_TRACE.iter().any(|name| row.name.ends_with(name)) {
            wrong.push(format!("cut, and nothing said: {}", row.name));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Files of which only the part before a change of rate or channels is decoded.
const CHANGING: [&str; 2] = ["01 - changing samplerate.flac", "02 - increasing number of channels.flac"];

/// Formats of frames without a length, cut exactly between two of them (24,960 bytes are 65 frames of 384).
const CUT_WITHOUT_A_TRACE: [&str; 1] = ["_ac3_trunc50.ac3"];
