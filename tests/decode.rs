//! Our own readers and codecs against ffmpeg and sox: over a corpus of valid, odd and broken files
//! where there is one, and over files made here. Both are skipped, visibly, where what they need is
//! missing.

#![expect(clippy::print_stdout, reason = "a table of what became of each file, and what was skipped")]

mod decoding;

use callsift::audio::decode::DecodeOptions;
use decoding::{Known, corpus, has, hear, known_files, samples_of};
use std::path::Path;
use std::process::{Command, Stdio};

/// How two recordings compare, sample by sample.
#[derive(Debug, PartialEq)]
enum Likeness {
    Same,
    /// Samples of the first, of the second, the first place where they differ, where they do.
    Differ(usize, usize, Option<usize>),
}

fn compare(ours: &[f32], theirs: &[f32]) -> Likeness {
    let place = ours.iter().zip(theirs).position(|(ours, theirs)| ours != theirs);
    if place.is_none() && ours.len() == theirs.len() {
        return Likeness::Same;
    }
    Likeness::Differ(ours.len(), theirs.len(), place)
}

/// A test signal of 1.234 s: a tone with noise, and on the other channel a sweep through loud and soft.
fn signal(rate_hz: u32, channels: u32) -> String {
    let left = "0.4*sin(2000*t)+0.2*(random(0)-0.5)";
    let right = "0.95*sin(300*t*t)*abs(sin(t))";
    match channels {
        1 => format!("aevalsrc={left}+0.3*sin(900*t*t)*abs(sin(2*t)):s={rate_hz}:d=1.234"),
        _ => format!("aevalsrc={left}|{right}:s={rate_hz}:d=1.234"),
    }
}

#[test]
fn files_made_by_ffmpeg_decode_to_its_samples() {
    if !has("ffmpeg") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut failures = Vec::new();
    for made in &MADE {
        let (_, _, _, _, rates_hz, channels) = made;
        for (&rate_hz, &channels) in rates_hz.iter().flat_map(|rate| channels.iter().map(move |most| (rate, most))) {
            failures.extend(make_and_compare(folder.path(), made, rate_hz, channels));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What is wrong with how a file that ffmpeg makes is decoded.
fn make_and_compare(folder: &Path, made: &Made, rate_hz: u32, channels: u32) -> Option<String> {
    let (name, ending, codec, options, ..) = made;
    let path = folder.join(format!("{name}-{rate_hz}-{channels}.{ending}"));
    let text = path.to_str().expect("a name in UTF-8");
    let source = signal(rate_hz, channels);
    let mut make = vec!["-v", "error", "-y", "-f", "lavfi", "-i", &source, "-c:a", codec];
    make.extend(options.split_whitespace());
    make.push(text);
    let making = Command::new("ffmpeg").args(&make).stdin(Stdio::null()).output().expect("the program starts");
    assert!(making.status.success(), "{name}: {}", String::from_utf8_lossy(&making.stderr));
    let theirs = samples_of("ffmpeg", &reference_arguments(ending, text, &rate_hz.to_string()));
    let (decoded, ours) = match hear(&path, &DecodeOptions::default()) {
        Ok(heard) => heard,
        Err(error) => return Some(format!("{name} {rate_hz} {channels}: {error}")),
    };
    let likeness = compare(&ours, &theirs);
    let shape = (decoded.decoder.as_str(), decoded.rate_hz, u32::from(decoded.channels));
    let is_right = likeness == Likeness::Same
        && shape == ("callsift", rate_hz, channels)
        && decoded.partial.is_none()
        && decoded.warnings.is_empty();
    (!is_right).then(|| format!("{name} {rate_hz} {channels}: {likeness:?} {decoded:?}"))
}

/// How ffmpeg reads a file; headerless ones by what our endings say.
fn reference_arguments<'a>(ending: &'a str, path: &'a str, rate_hz: &'a str) -> Vec<&'a str> {
    let mut arguments = vec!["-v", "error"];
    match ending {
        "al" => arguments.extend(["-f", "alaw", "-ar", rate_hz]),
        "ul" => arguments.extend(["-f", "mulaw", "-ar", rate_hz]),
        "sln" | "pcm" => arguments.extend(["-f", "s16le", "-ar", rate_hz]),
        "g722" => arguments.extend(["-f", "g722"]),
        "g726" => arguments.extend(["-f", "g726le", "-code_size", "4"]),
        _ => {}
    }
    arguments.extend(["-i", path, "-f", "f32le", "-"]);
    arguments
}

/// Name, ending, ffmpeg's encoder and options, rates and channels.
type Made = (&'static str, &'static str, &'static str, &'static str, &'static [u32], &'static [u32]);

const RATES: &[u32] = &[8_000, 44_100];
const PHONE: &[u32] = &[8_000];
const MADE: [Made; 42] = [
    ("u8", "wav", "pcm_u8", "", RATES, &[1, 2]),
    ("s16", "wav", "pcm_s16le", "", RATES, &[1, 2]),
    ("s24", "wav", "pcm_s24le", "", RATES, &[1, 2]),
    ("s32", "wav", "pcm_s32le", "", RATES, &[1, 2]),
    ("f32", "wav", "pcm_f32le", "", RATES, &[1, 2]),
    ("f64", "wav", "pcm_f64le", "", RATES, &[1, 2]),
    ("alaw", "wav", "pcm_alaw", "", RATES, &[1, 2]),
    ("mulaw", "wav", "pcm_mulaw", "", RATES, &[1, 2]),
    ("rf64", "wav", "pcm_s16le", "-rf64 always", RATES, &[1, 2]),
    ("bitexact", "wav", "pcm_s16le", "-fflags +bitexact", PHONE, &[1, 2]),
    ("w64", "w64", "pcm_s16le", "", RATES, &[1, 2]),
    ("w64-mulaw", "w64", "pcm_mulaw", "", PHONE, &[1, 2]),
    ("w64-ms", "w64", "adpcm_ms", "", PHONE, &[1]),
    ("ima", "wav", "adpcm_ima_wav", "", RATES, &[1, 2]),
    ("ima-256", "wav", "adpcm_ima_wav", "-block_size 256", PHONE, &[1, 2]),
    ("ima-2048", "wav", "adpcm_ima_wav", "-block_size 2048", PHONE, &[1, 2]),
    ("ima-8192", "wav", "adpcm_ima_wav", "-block_size 8192", PHONE, &[1, 2]),
    ("ms", "wav", "adpcm_ms", "", RATES, &[1, 2]),
    ("ms-256", "wav", "adpcm_ms", "-block_size 256", PHONE, &[1, 2]),
    ("ms-4096", "wav", "adpcm_ms", "-block_size 4096", PHONE, &[1, 2]),
    ("gsm-ms", "wav", "libgsm_ms", "", PHONE, &[1]),
    ("gsm", "gsm", "libgsm", "", PHONE, &[1]),
    ("g722-wav", "wav", "g722", "", &[16_000], &[1]),
    ("g722", "g722", "g722", "", &[16_000], &[1]),
    ("g726-16", "wav", "g726", "-b:a 16000", PHONE, &[1]),
    ("g726-24", "wav", "g726", "-b:a 24000", PHONE, &[1]),
    ("g726-32", "wav", "g726", "-b:a 32000", PHONE, &[1]),
    ("g726-40", "wav", "g726", "-b:a 40000", PHONE, &[1]),
    ("g726le", "g726", "g726le", "-b:a 32000 -f g726le", PHONE, &[1]),
    ("au-mulaw", "au", "pcm_mulaw", "", PHONE, &[1, 2]),
    ("au-alaw", "au", "pcm_alaw", "", PHONE, &[1, 2]),
    ("au-s8", "au", "pcm_s8", "", PHONE, &[1, 2]),
    ("au-s16", "au", "pcm_s16be", "", RATES, &[1, 2]),
    ("au-s24", "au", "pcm_s24be", "", PHONE, &[1, 2]),
    ("au-s32", "au", "pcm_s32be", "", PHONE, &[1, 2]),
    ("au-f32", "au", "pcm_f32be", "", PHONE, &[1, 2]),
    ("au-f64", "au", "pcm_f64be", "", PHONE, &[1, 2]),
    ("au-g726-32", "au", "g726le", "-b:a 32000", PHONE, &[1]),
    ("raw-alaw", "al", "pcm_alaw", "-f alaw", PHONE, &[1]),
    ("raw-mulaw", "ul", "pcm_mulaw", "-f mulaw", PHONE, &[1]),
    ("raw-sln", "sln", "pcm_s16le", "-f s16le", PHONE, &[1]),
    ("raw-pcm", "pcm", "pcm_s16le", "-f s16le", PHONE, &[1]),
];

#[test]
fn files_made_by_sox_decode_to_their_samples() {
    if !(has("sox") && has("ffmpeg")) {
        return;
    }
    // (name, ending, sox's options for the file, channels, who tells the samples); sox decodes IMA with
    // the standard's roundings, ffmpeg as we do.
    let cases = [
        ("vox", "vox", "", 1, "sox"),
        ("wav", "wav", "-e signed -b 16", 2, "ffmpeg"),
        ("24 bit, extensible", "wav", "-e signed -b 24", 2, "ffmpeg"),
        ("mu-law", "wav", "-e mu-law", 2, "ffmpeg"),
        ("A-law", "wav", "-e a-law", 1, "ffmpeg"),
        ("IMA", "wav", "-e ima-adpcm", 1, "ffmpeg"),
        ("IMA, two channels", "wav", "-e ima-adpcm", 2, "ffmpeg"),
        ("MS", "wav", "-e ms-adpcm", 1, "ffmpeg"),
        ("MS, two channels", "wav", "-e ms-adpcm", 2, "ffmpeg"),
        ("GSM in WAVE", "wav", "-e gsm-full-rate", 1, "ffmpeg"),
        ("GSM", "gsm", "", 1, "ffmpeg"),
        ("AU", "au", "-e signed -b 16", 2, "ffmpeg"),
        ("Wave64", "w64", "-e signed -b 16", 2, "ffmpeg"),
        ("A-law, headerless", "al", "", 1, "sox"),
        ("mu-law, headerless", "ul", "", 1, "sox"),
        ("16 bit, headerless", "sln", "", 1, "sox"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, ending, options, channels, judge) in cases {
        let path = folder.path().join(format!("made.{ending}"));
        let text = path.to_str().unwrap();
        let channels = channels.to_string();
        let mut make = vec!["-R", "-n", "-r", "8000", "-c", &channels];
        make.extend(options.split_whitespace());
        make.extend([text, "synth", "3.0137", "sine", "200-3000", "pinknoise", "gain", "-9"]);
        assert!(Command::new("sox").args(&make).status().unwrap().success(), "{name}");
        let theirs = match judge {
            "sox" => samples_of("sox", &[text, "-t", "raw", "-e", "floating-point", "-b", "32", "-L", "-"]),
            _ => samples_of("ffmpeg", &["-v", "error", "-i", text, "-f", "f32le", "-"]),
        };
        let (decoded, mut ours) =
            hear(&path, &DecodeOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        // ffmpeg gives what fills up the last packet, too; the fact chunk tells how much that is.
        let filled_up = ["adpcm_ima_wav", "adpcm_ms", "gsm_ms"].contains(&decoded.codec.as_str());
        if filled_up {
            ours.extend(theirs.iter().skip(ours.len()));
        }
        assert_eq!(compare(&ours, &theirs), Likeness::Same, "{name}");
        let late_ms = if ending == "gsm" { 20 } else { 1 };
        assert!(decoded.duration_ms.abs_diff(3_014) <= late_ms, "{name}: {decoded:?}");
        assert_eq!((decoded.decoder.as_str(), decoded.partial), ("callsift", None), "{name}");
    }
}

/// Whether it is in one of these containers, also where ffmpeg does not know it for one.
fn is_ours(known: &Known) -> bool {
    CONTAINERS.contains(&&*known.container) || known.container.is_empty() && known.name.ends_with(".wav")
}

/// Containers and codecs that this part decodes.
const CONTAINERS: [&str; 7] = ["wav", "w64", "au", "gsm", "g722", "alaw", "mulaw"];
const LOSSY: [&str; 1] = ["mp3"];

/// What becomes of each broken file of these containers; `ok` needs a reason.
#[rustfmt::skip]
const BROKEN: [(&str, &str, &str); 27] = [
    ("aishell_8ch_trunc50.wav", "too_many_channels", ""),
    ("aishell_alaw_trunc50.wav", "truncated", ""),
    ("aishell_alawraw_trunc50.al", "ok", "ends between two samples, and no header says how many there were"),
    ("aishell_au_trunc50.au", "truncated", ""),
    ("aishell_f32_trunc50.wav", "truncated", ""),
    ("aishell_f64_trunc50.wav", "truncated", ""),
    ("aishell_g722_trunc50.g722", "ok", "as A-law"),
    ("aishell_g726_trunc50.wav", "truncated", ""),
    ("aishell_gsmraw_trunc50.gsm", "ok", "ends between two frames, and no header says how many there were"),
    ("aishell_imaadpcm_trunc50.wav", "truncated", ""),
    ("aishell_mp3inwav_trunc50.wav", "truncated", ""),
    ("aishell_msadpcm_trunc50.wav", "truncated", ""),
    ("aishell_pcm11025_trunc50.wav", "truncated", ""),
    ("aishell_pcm6000_trunc50.wav", "truncated", ""),
    ("aishell_rf64_trunc50.wav", "truncated", ""),
    ("aishell_s24_trunc50.wav", "truncated", ""),
    ("aishell_u8_trunc50.wav", "truncated", ""),
    ("aishell_ulaw_trunc50.wav", "truncated", ""),
    ("aishell_ulawraw_trunc50.ul", "ok", "as A-law"),
    ("aishell_w64_trunc50.w64", "truncated", ""),
    ("aishell_wav49_trunc50.wav", "truncated", ""),
    ("bits0.wav", "ok", "two bytes a frame leave no doubt; a warning says so"),
    ("ch0.wav", "corrupt", ""),
    ("datalen_0_streamed.wav", "length_unknown", ""),
    ("fmt_unknown.wav", "unsupported_codec", ""),
    ("junk_prefix.wav", "ok", "the recording behind the junk is whole; a warning says so"),
    ("nodata.wav", "no_samples", ""),
];

#[test]
fn files_of_the_corpus_decode_as_ffmpeg_decodes_them() {
    let (Some(folder), true) = (corpus(), has("ffmpeg")) else { return };
    let (mut failures, mut files) = (Vec::new(), 0);
    for known in known_files(&folder).iter().filter(|known| is_ours(known)) {
        files += 1;
        if let Err(wrong) = judge(known) {
            failures.push(format!("{}: {wrong}", known.name));
        }
    }
    println!("{files} files");
    assert!(files > 120 && failures.is_empty(), "{}", failures.join("\n"));
}

/// What ffmpeg says, less two things that we do otherwise on purpose: samples far over full scale read
/// 0, and G.726 clips where ffmpeg's sums wrap round.
fn as_we_would(ours: &[f32], theirs: &[f32], codec: &str) -> Vec<f32> {
    let wraps = codec == "adpcm_g726";
    let pairs = theirs.iter().enumerate().map(|(place, &theirs)| match ours.get(place) {
        Some(0.0) if theirs.is_nan() || theirs.abs() > 16.0 => 0.0,
        Some(&clipped) if wraps && (clipped == -1.0 || clipped == 32_767.0 / 32_768.0) => clipped,
        _ => theirs,
    });
    pairs.collect()
}

/// What ffmpeg gets wrong: it takes integers of 24 bits in 4 bytes for floats of 24 bits.
const WRONG_AT_FFMPEG: &str = "24bit-4byte";

fn judge(known: &Known) -> Result<(), String> {
    let heard = hear(&known.path, &DecodeOptions::default());
    let theirs = ffmpeg_on(known);
    let status = match &heard {
        Ok((decoded, _)) => decoded.partial.as_ref().map_or("ok", |partial| partial.code),
        Err(error) => error.code(),
    };
    let (ours_s, decoder, likeness) = match &heard {
        Ok((decoded, ours)) => {
            let likeness = compare(ours, &as_we_would(ours, &theirs, &known.codec));
            (decoded.frames as f64 / f64::from(decoded.rate_hz), decoded.decoder.as_str(), Some(likeness))
        }
        Err(_) => (0.0, "-", None),
    };
    let (name, codec, theirs_s) = (&known.name, &known.codec, known.decoded_s);
    println!("{name:<62} {status:<18} {decoder:<9} {codec:<14} {ours_s:>8.3} {theirs_s:>8.3} {likeness:?}");
    is_as_the_table_says(known, status)?;
    let samples = theirs.len() as f64 / f64::from(known.channels.max(1));
    if !known.is_clean || known.channels > 2 || samples < 1.0 {
        return Ok(());
    }
    let (decoded, _) = heard.map_err(|error| format!("ffmpeg decodes it; we say {}", error.code()))?;
    let theirs_s = samples / f64::from(decoded.rate_hz);
    if (ours_s - theirs_s).abs() > (0.02 * theirs_s).max(0.02) {
        return Err(format!("{ours_s:.3} s where ffmpeg has {theirs_s:.3}"));
    }
    let is_exact = !LOSSY.contains(&codec.as_str()) && !name.contains(WRONG_AT_FFMPEG);
    match likeness {
        Some(Likeness::Differ(_, _, Some(place))) if is_exact => Err(format!("samples differ from {place} on")),
        _ => Ok(()),
    }
}

/// Headerless telephony has 8,000 samples a second; ffmpeg takes 44,100 for G.711.
fn ffmpeg_on(known: &Known) -> Vec<f32> {
    let rate: &[&str] = if ["alaw", "mulaw"].contains(&&*known.container) { &["-ar", "8000"] } else { &[] };
    let path = known.path.to_str().expect("a name in UTF-8");
    samples_of("ffmpeg", &[&["-v", "error"], rate, &["-i", path, "-f", "f32le", "-"]].concat())
}

fn is_as_the_table_says(known: &Known, status: &str) -> Result<(), String> {
    let Some(name) = known.name.strip_prefix("broken/") else { return Ok(()) };
    let row = BROKEN.iter().find(|(known, ..)| *known == name);
    let (_, expected, reason) = row.ok_or("it is not in the table of broken files")?;
    if *expected != status || (status == "ok" && reason.is_empty()) {
        return Err(format!("it is {status}, and {expected} in the table of broken files"));
    }
    Ok(())
}
