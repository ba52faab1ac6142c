//! Planted ID, card and phone numbers reach no table, no record and no terminal.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::DataType;
use common::{call_wav, callsift, files_below, stderr, stdout, write};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::Path;

/// Made up, with valid check digits: an identity number, a bank card, a mobile phone.
const ID_CARD: &str = "11010519491231002X";
const BANK_CARD: &str = "6222021234567890128";
const PHONE: &str = "13912345678";
const EMAIL: &str = "zhang.san.1980";

/// The phone number as it is read out.
const SPOKEN_PHONE: &str = "幺三九幺二三四五六七八";

/// A call in which every number is said: whole, read out, spaced, with words' times, and in two halves.
fn transcript() -> String {
    let word = |text: &str, at_ms: i64| serde_json::json!({"text": text, "start_ms": at_ms, "end_ms": at_ms + 200});
    serde_json::json!({
        "format": "callsift/transcript", "version": 1, "language": "zh", "call_id": PHONE,
        "segments": [
            {"channel": 0, "start_ms": 500, "end_ms": 2000, "text": format!("您的身份证是{ID_CARD}吗"),
             "words": [word("您的", 500), word("身份证", 700), word("是", 900), word(ID_CARD, 1100), word("吗", 1800)]},
            {"channel": 1, "start_ms": 2100, "end_ms": 3000, "text": format!("卡号{BANK_CARD},电话{PHONE}")},
            {"channel": 0, "start_ms": 3100, "end_ms": 4000, "text": format!("再说一遍:{SPOKEN_PHONE}")},
            {"channel": 1, "start_ms": 4100, "end_ms": 5000, "text": "139 1234 5678,邮箱zhang.san.1980@example.com"},
            {"channel": 0, "start_ms": 5100, "end_ms": 5500, "text": "139嗯1234"},
            {"channel": 0, "start_ms": 5600, "end_ms": 6500, "text": "5678,再不还款派人到你家"},
        ]
    })
    .to_string()
}

/// Every writing of a planted number that must not be found, in text without its separators.
fn planted() -> [&'static str; 6] {
    [ID_CARD, "11010519491231002x", BANK_CARD, PHONE, SPOKEN_PHONE, EMAIL]
}

fn assert_clean(text: &str, place: &str) {
    let squeezed: String = text.chars().filter(|c| !" -_,。,".contains(*c)).collect();
    for number in planted() {
        assert!(!text.contains(number) && !squeezed.contains(number), "{number} is in {place}");
    }
}

/// All text of a table, one value a line.
fn cells(path: &Path) -> String {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("open"))
        .expect("Parquet")
        .build()
        .expect("readable");
    let mut text = String::new();
    for batch in reader {
        batch.expect("a batch").columns().iter().for_each(|column| texts(column, &mut text));
    }
    text
}

/// Appends the strings of a column, those inside lists and structs too.
fn texts(column: &ArrayRef, text: &mut String) {
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().iter().flatten().for_each(|value| {
            text.push_str(value);
            text.push('\n');
        }),
        DataType::List(_) => texts(column.as_list::<i32>().values(), text),
        DataType::Struct(_) => column.as_struct().columns().iter().for_each(|inner| texts(inner, text)),
        other => assert!(other.is_primitive() || *other == DataType::Boolean, "text may hide in {other}"),
    }
}

#[test]
fn planted_numbers_are_nowhere_in_the_results() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let input = folder.path().join("in");
    let manifest = format!(
        "call_id,recording,transcript,agent_id,customer_id,team,id_number,number,{PHONE}\n\
         call-{PHONE},rec/{PHONE}_20261120.wav,text/{PHONE}.json,agent-1,{ID_CARD},{BANK_CARD},{ID_CARD},{PHONE},x\n\
         listed,rec/gone-{PHONE}.wav,,agent-1,{PHONE},t,,{PHONE},\n"
    );
    write(&input.join("manifest.csv"), manifest);
    write(&input.join(format!("rec/{PHONE}_20261120.wav")), call_wav(16.0));
    write(&input.join(format!("text/{PHONE}.json")), transcript());
    // Found, not listed: one good, one broken, one with a transcript that is no transcript.
    write(&input.join(format!("more/20261120_{PHONE}_8023.wav")), call_wav(16.0));
    write(&input.join(format!("more/{ID_CARD}.wav")), "no recording");
    write(&input.join(format!("more/{BANK_CARD}.wav")), call_wav(16.0));
    write(&input.join(format!("more/{BANK_CARD}.json")), format!("{{\"phone\": \"{PHONE}\"}}"));

    for format in ["text", "json"] {
        let out = format!("out-{format}");
        let output = callsift(folder.path(), &["inspect", "in", "--out", &out, "--log-format", format]);
        assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
        assert!(stdout(&output).contains("Inspected 5 calls"), "{}", stdout(&output));
        assert_clean(&stdout(&output), "standard output");
        assert_clean(&stderr(&output), "standard error");
        let mut tables = 0;
        for (name, path) in files_below(&folder.path().join(&out)) {
            assert_clean(&name, "a file name");
            assert_clean(&String::from_utf8_lossy(&std::fs::read(&path).expect("readable")), &name);
            if name.ends_with(".parquet") {
                tables += 1;
                assert_clean(&cells(&path), &name);
            }
        }
        assert!(tables >= 8, "{tables} tables");
    }
}

#[test]
fn the_words_of_the_planted_call_are_still_judged() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("in/a.wav"), call_wav(16.0));
    write(&folder.path().join("in/a.json"), transcript());
    let output = callsift(folder.path(), &["inspect", "in", "--out", "out"]);
    assert!(stdout(&output).contains("派人到你家"), "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn mistakes_of_set_up_show_no_number_either() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let manifest = format!(
        "call_id,recording,direction,started_at,agent_channel\n{PHONE},a.wav,{PHONE},{PHONE},{ID_CARD}\n{PHONE},b.wav,,,\n"
    );
    write(&folder.path().join(format!("{PHONE}/manifest.csv")), manifest);
    let output = callsift(folder.path(), &["inspect", PHONE, &format!("gone-{ID_CARD}"), "--out", "out"]);
    assert_eq!(output.status.code(), Some(2));
    assert_clean(&stderr(&output), "standard error");
    assert!(stderr(&output).contains("direction"), "{}", stderr(&output));
}

#[test]
fn a_column_that_may_pass_is_kept() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // A column `number` may not, whatever is said.
    let manifest = format!("call_id,recording,order,phone,number\nc,a.wav,{PHONE},{PHONE},{PHONE}\n");
    write(&folder.path().join("in/manifest.csv"), manifest);
    write(&folder.path().join("in/a.wav"), call_wav(16.0));
    let output = callsift(folder.path(), &["inspect", "in", "--out", "out", "--keep-manifest-columns", "order,number"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let calls = files_below(&folder.path().join("out/calls"));
    let text = cells(&calls[0].1);
    assert_eq!(text.matches(PHONE).count(), 1, "{text}");
}

/// A site with two calls of the customer PHONE.
fn two_calls(folder: &Path) {
    let manifest = format!("call_id,transcript,customer_id\na,t.json,{PHONE}\nb,t.json,{PHONE}\n");
    write(&folder.join("in/manifest.csv"), manifest);
    write(&folder.join("in/t.json"), transcript());
    write(&folder.join("key"), "a secret of nobody\n");
}

fn done(folder: &Path, args: &[&str]) -> String {
    let output = callsift(folder, args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    stdout(&output)
}

#[test]
fn customers_are_hashed_with_a_key() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let site = folder.path();
    two_calls(site);
    write(&site.join("other"), "another secret of nobody");
    write(&site.join("short"), "short");
    let customers = |out: &str| -> Vec<String> {
        let of = |row: &common::Row| row["customer_id"].clone();
        common::rows(&site.join(out), "calls").iter().map(of).collect()
    };
    done(site, &["inspect", "in", "--out", "one", "--customer-key", "key"]);
    done(site, &["inspect", "in", "--out", "two", "--customer-key", "other"]);
    let (one, two) = (customers("one"), customers("two"));
    assert!(one.len() == 2 && one[0] == one[1] && one[0] != two[0], "{one:?} {two:?}");
    assert!(one[0].len() == 32 && one[0].bytes().all(|byte| byte.is_ascii_lowercase()), "{one:?}");
    let refused = callsift(site, &["inspect", "in", "--out", "three", "--customer-key", "short"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("holds fewer than 16 bytes"), "{}", stderr(&refused));
    assert!(!site.join("three").exists(), "nothing is touched");
    // The hash is the customer's name from now on, and the key leads to it.
    let without = done(site, &["forget", "one", "--customer", PHONE]);
    assert!(without.starts_with("0 calls erased"), "{without}");
    let with = done(site, &["forget", "one", "--customer", PHONE, "--customer-key", "key"]);
    assert!(with.starts_with("2 calls erased"), "{with}");
    let again = done(site, &["inspect", "in", "--out", "one", "--customer-key", "key"]);
    assert!(again.contains("2 calls erased earlier"), "{again}");
}

#[test]
fn raw_text_is_kept_on_request_alone_and_forgotten_with_its_calls() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let site = folder.path();
    two_calls(site);
    done(site, &["inspect", "in", "--out", "out", "--keep-raw-text", "raw"]);
    let kept = files_below(&site.join("raw"));
    assert_eq!(kept.len(), 2, "{kept:?}");
    let read =
        |path: &Path| -> serde_json::Value { serde_json::from_slice(&std::fs::read(path).unwrap()).expect("JSON") };
    let calls: Vec<serde_json::Value> = kept.iter().map(|(_, path)| read(path)).collect();
    assert!(calls.iter().all(|call| call["turns"][1]["text"] == format!("卡号{BANK_CARD},电话{PHONE}")), "{calls:?}");
    let turns = common::rows(&site.join("out"), "turns");
    let numbered = |call: &serde_json::Value| call["turns"].as_array().map(Vec::len);
    assert!(calls.iter().all(|call| numbered(call) == Some(turns.len() / 2)), "one a turn");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(site.join("raw")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "for its owner alone");
        let shared = callsift(site, &["inspect", "in", "--out", "other", "--keep-raw-text", "in"]);
        assert_eq!(shared.status.code(), Some(74), "{}", stderr(&shared));
        assert!(stderr(&shared).contains("others may read the folder"), "{}", stderr(&shared));
    }
    for (name, path) in files_below(&site.join("out")).iter().filter(|(name, _)| name.ends_with(".parquet")) {
        assert_clean(&cells(path), name);
    }
    // A call that is gone from the dataset may still have its text.
    done(site, &["forget", "out", "--call", "a"]);
    let told = done(site, &["forget", "out", "--call", "a", "--raw-text", "raw"]);
    assert!(told.contains("1 raw text erased"), "{told}");
    let nowhere = callsift(site, &["forget", "out", "--call", "a", "--raw-text", "nowhere"]);
    assert!(nowhere.status.code() == Some(2) && !site.join("nowhere").exists(), "{}", stderr(&nowhere));
    let left = files_below(&site.join("raw"));
    assert_eq!(left.iter().map(|(_, path)| read(path)["call_id"].clone()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn a_hold_names_nobody() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let site = folder.path();
    two_calls(site);
    done(site, &["inspect", "in", "--out", "out"]);
    let told = done(site, &["hold", "out", "--customer", PHONE, "--because", "a case"]);
    assert_clean(&told, "what hold prints");
    assert_clean(&std::fs::read_to_string(site.join("out/_holds.json")).unwrap(), "_holds.json");
    let held = callsift(site, &["forget", "out", "--customer", PHONE]);
    assert_eq!(held.status.code(), Some(1), "{}", stdout(&held));
    assert_eq!(done(site, &["hold", "out", "--customer", PHONE, "--release"]), "nothing is held\n");
    assert!(done(site, &["forget", "out", "--customer", PHONE]).starts_with("2 calls erased"));
}
