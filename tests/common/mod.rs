//! What several tests share: running the binary, making small calls.

#![allow(dead_code, reason = "every test takes what it needs")]

pub(crate) mod said;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::TimestampMicrosecondType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A file or folder of the package.
pub(crate) fn packaged(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs the binary in `folder`, without colours and in English.
pub(crate) fn callsift(folder: &Path, args: &[&str]) -> Output {
    callsift_in("C", folder, args)
}

/// As [`callsift`], in a locale.
pub(crate) fn callsift_in(locale: &str, folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_callsift"))
        .args(args)
        .current_dir(folder)
        .envs([("NO_COLOR", "1"), ("LC_ALL", locale)])
        .output()
        .expect("the binary runs")
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Writes `bytes` and the folders above them.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, bytes).expect("written");
}

/// A 16-bit PCM WAV file.
pub(crate) fn wav(rate_hz: u32, channels: &[Vec<i16>]) -> Vec<u8> {
    let count = channels.len() as u16;
    let frames = channels.first().map_or(0, Vec::len);
    let data: Vec<u8> =
        (0..frames).flat_map(|frame| channels.iter().flat_map(move |channel| channel[frame].to_le_bytes())).collect();
    let mut bytes = Vec::with_capacity(44 + data.len());
    bytes.extend(b"RIFF");
    bytes.extend((36 + data.len() as u32).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend(1_u16.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(rate_hz.to_le_bytes());
    bytes.extend(rate_hz.wrapping_mul(u32::from(count) * 2).to_le_bytes());
    bytes.extend((count * 2).to_le_bytes());
    bytes.extend(16_u16.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    bytes
}

/// A voice-like sound at 8 kHz around `pitch_hz` between the given spans (seconds) of `length_s` seconds, soft noise
/// elsewhere. Like a voice and unlike a tone, its pitch glides and is never level, its syllables rise and fall five times a second, its
/// vowels change, and breath goes with it.
pub(crate) fn voice(length_s: f64, pitch_hz: f64, spans_s: &[(f64, f64)]) -> Vec<i16> {
    let turn = |hz: f64, t: f64| (std::f64::consts::TAU * hz * t).sin();
    let (mut noise, mut phase) = (12345_u32, 0.0);
    (0..(length_s * 8000.0) as usize)
        .map(|sample| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let hiss = f64::from(noise >> 16) / 65536.0 - 0.5;
            let t = sample as f64 / 8000.0;
            phase += pitch_hz * (1.0 + 0.12 * turn(0.9, t) + 0.05 * turn(2.3, t) + 0.03 * turn(5.7, t)) / 8000.0;
            if !spans_s.iter().any(|(start, end)| (*start..*end).contains(&t)) {
                return (0.001 * hiss * 32767.0) as i16;
            }
            let syllable = 0.55 + 0.45 * turn(5.0, t);
            let formants_hz = [500.0 + 250.0 * turn(2.5, t), 1500.0 + 500.0 * turn(1.7, t)];
            let vowel: f64 = (1..=(3400.0 / pitch_hz) as u32)
                .map(|k| {
                    let hz = pitch_hz * f64::from(k);
                    let gain: f64 = formants_hz.iter().map(|formant| (-((hz - formant) / 220.0).powi(2)).exp()).sum();
                    (gain + 0.05) * turn(f64::from(k), phase)
                })
                .sum();
            ((0.14 * syllable * vowel + 0.02 * hiss) * 32767.0) as i16
        })
        .collect()
}

/// A two-channel call of `length_s` seconds: the agent speaks from 0.5 s to 5 s and 11 s to 15 s, the customer between.
pub(crate) fn call_wav(length_s: f64) -> Vec<u8> {
    wav(8000, &[voice(length_s, 200.0, &[(0.5, 5.0), (11.0, 15.0)]), voice(length_s, 120.0, &[(5.5, 10.5)])])
}

/// One of our transcripts; segments are (channel, start_ms, end_ms, text).
pub(crate) fn transcript(segments: &[(u16, i64, i64, &str)]) -> String {
    let segments: Vec<_> = segments
        .iter()
        .map(|(channel, start, end, text)| serde_json::json!({"channel": channel, "start_ms": start, "end_ms": end, "text": text}))
        .collect();
    serde_json::json!({"format": "callsift/transcript", "version": 1, "language": "zh", "segments": segments})
        .to_string()
}

/// Every file below `folder`, sorted, with its path relative to it.
pub(crate) fn files_below(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut files: Vec<_> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.expect("listed"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            (entry.path().strip_prefix(folder).expect("below").to_string_lossy().into_owned(), entry.into_path())
        })
        .collect();
    files.sort();
    files
}

/// One row of a table: its cells as text, by column. Null is empty; moments are microseconds since 1970.
pub(crate) type Row = BTreeMap<String, String>;

/// Every row of a table of the dataset at `out`. `date` is the folder's, and empty where it has none.
pub(crate) fn rows(out: &Path, table: &str) -> Vec<Row> {
    files_below(&out.join(table)).iter().flat_map(|(name, path)| rows_of_file(name, path)).collect()
}

fn rows_of_file(name: &str, path: &Path) -> Vec<Row> {
    let folder = name.split('/').next().and_then(|folder| folder.strip_prefix("date=")).unwrap_or_default();
    let date = if folder.starts_with("__") { "" } else { folder };
    let file = fs::File::open(path).expect("opened");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet").build().expect("readable");
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.expect("a batch");
        let first = rows.len();
        rows.resize(first + batch.num_rows(), Row::from([("date".to_owned(), date.to_owned())]));
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            for (row, cell) in rows[first..].iter_mut().zip(cells(column)) {
                row.insert(field.name().clone(), cell);
            }
        }
    }
    rows
}

fn cells(column: &ArrayRef) -> Vec<String> {
    if let Some(moments) = column.as_primitive_opt::<TimestampMicrosecondType>() {
        return moments.iter().map(|moment| moment.map_or_else(String::new, |us| us.to_string())).collect();
    }
    let options = FormatOptions::default();
    let Ok(shown) = ArrayFormatter::try_new(column, &options) else { return vec!["?".into(); column.len()] };
    (0..column.len()).map(|row| shown.value(row).to_string()).collect()
}

/// The folder `name` of the corpora, which are no part of the repository; none where there is none, which it says.
/// `CALLSIFT_CORPORA` names the folder of corpora, else it is looked for beside the sources.
pub(crate) fn corpus(name: &str) -> Option<PathBuf> {
    let corpora = std::env::var_os("CALLSIFT_CORPORA").map_or_else(|| packaged("../shared/corpora"), PathBuf::from);
    let found = corpora.join(name).is_dir();
    if !found {
        note(&format!("SKIPPED: there is no corpus {name}"));
    }
    found.then(|| corpora.join(name))
}

/// Whether python3 has `modules`. Where it has not, says so, or fails where `CALLSIFT_REQUIRE_READERS=1` asks for them.
pub(crate) fn python_has(modules: &str) -> bool {
    let found = Command::new("python3").args(["-c", &format!("import {modules}")]).output();
    if found.is_ok_and(|output| output.status.success()) {
        return true;
    }
    let required = std::env::var("CALLSIFT_REQUIRE_READERS").is_ok_and(|value| value == "1");
    assert!(!required, "python3 has not all of {modules}, and CALLSIFT_REQUIRE_READERS=1 requires them");
    note(&format!("SKIPPED: python3 has not all of {modules}; install them to read the results with them"));
    false
}

/// Reads files of `fixtures/transcripts`, each with what its one warning says or nothing, and holds what is printed against the
/// files of `fixtures/imported`; `UPDATE_GOLDEN=1` writes those anew.
pub(crate) fn imported_as_before<'a>(cases: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let mut wrong = Vec::new();
    for (name, warning) in cases {
        let output = callsift(&packaged(""), &["transcript", &format!("fixtures/transcripts/{name}")]);
        assert!(output.status.success(), "{name}: {}", stderr(&output));
        let warned = stderr(&output);
        assert!(warned.contains(warning) && warned.is_empty() == warning.is_empty(), "{name}: {warned}");
        let golden = packaged("fixtures/imported").join(Path::new(name).with_extension("json"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(golden, stdout(&output)).expect("written");
        } else if fs::read_to_string(golden).unwrap_or_default() != stdout(&output) {
            wrong.push(format!("{name} differs; now it is\n{}", stdout(&output)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Says that something is not tested here, and why.
#[expect(clippy::print_stderr, reason = "a test that is skipped must say so")]
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}
