//! No bytes make a reader panic, and the format does not matter.

use super::{Site, items, read, write_parquet};
use crate::worklist::{WorkItem, WorkList, WorkOptions};
use arrow::array::{ArrayRef, StringArray};
use proptest::prelude::*;
use std::sync::Arc;

const COLUMNS: [&str; 9] = [
    "call_id",
    "recording",
    "transcript",
    "started_at",
    "customer_id",
    "direction",
    "agent_channel",
    "talk_s",
    "张 \"further\",\n",
];

/// Reads a manifest and an attempts file of these bytes; only panics count.
fn read_any(extension: &str, bytes: &[u8]) {
    let name = format!("m.{extension}");
    let site = Site::of(&[("real.csv", "call_id,recording\na,a.wav\n")]);
    site.write(&name, bytes);
    if let Ok(list) = WorkList::read(&site.listed_in(&name)) {
        let _ = list.for_each(&mut |_| {});
    }
    let attempts = WorkOptions { attempts: Some(site.path(&name)), ..site.listed_in("real.csv") };
    if let Ok(list) = WorkList::read(&attempts) {
        assert!(list.reconcile(&|_| None).iter().all(|line| line.answered == line.missing));
        let _ = list.for_each(&mut |_| {});
    }
}

fn as_csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).expect("written");
    rows.iter().for_each(|row| writer.write_record(row).expect("written"));
    writer.into_inner().expect("written")
}

fn as_json_lines(rows: &[Vec<String>]) -> Vec<u8> {
    let line = |row: &Vec<String>| {
        let cells = COLUMNS.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), cell.as_str().into()));
        format!("{}\n", serde_json::Value::Object(cells.collect()))
    };
    rows.iter().map(line).collect::<String>().into_bytes()
}

fn as_parquet(site: &Site, rows: &[Vec<String>]) -> Vec<u8> {
    let column = |number: usize| {
        let cells = rows.iter().map(|row| Some(row[number].as_str()).filter(|cell| !cell.is_empty()));
        Arc::new(cells.collect::<StringArray>()) as ArrayRef
    };
    let path = site.path("made.parquet");
    write_parquet(&path, COLUMNS.iter().enumerate().map(|(number, name)| (*name, column(number))).collect());
    std::fs::read(path).expect("read")
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[ a-z,\"\n0-9张@]{0,12}", "\\PC{0,8}"]
}

/// A row without mistakes.
fn row() -> impl Strategy<Value = Vec<String>> {
    let start = prop_oneof![Just(""), Just("2026-11-20T09:30:00+08:00"), Just(" 2026-11-20 09:31:00.5Z")];
    let direction = prop_oneof![Just(""), Just("inbound"), Just("outbound ")];
    let channel = prop_oneof![Just(""), Just("0"), Just("right")];
    let talk = prop_oneof![Just(""), Just("0"), Just("12.5")];
    (cell(), "[a-z]{1,8}", cell(), start, cell(), direction, channel, talk, cell()).prop_map(
        |(id, recording, transcript, start, customer, direction, channel, talk, further)| {
            let of = str::to_owned;
            vec![id, recording, transcript, of(start), customer, of(direction), of(channel), of(talk), further]
        },
    )
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(row(), 1..8).prop_map(|mut rows| {
        rows.iter_mut().enumerate().for_each(|(number, row)| row[0] = format!("{number}-{}", row[0]));
        rows
    })
}

fn same_items(site: &Site, name: &str, bytes: &[u8]) -> Vec<WorkItem> {
    site.write(name, bytes);
    items(&read(&site.listed_in(name))).0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for extension in ["csv", "jsonl", "parquet"] {
            read_any(extension, &bytes);
        }
    }

    #[test]
    fn a_damaged_table_is_read_or_refused(rows in rows(), damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>()) {
        let site = Site::of(&[]);
        for (extension, whole) in [("csv", as_csv(&rows)), ("jsonl", as_json_lines(&rows)), ("parquet", as_parquet(&site, &rows))] {
            let mut bytes = whole.clone();
            damage.iter().for_each(|(place, byte)| bytes[place.index(whole.len())] = *byte);
            read_any(extension, &bytes);
            read_any(extension, &whole[..cut.index(whole.len())]);
        }
    }

    #[test]
    fn the_format_does_not_matter(rows in rows()) {
        let site = Site::of(&[]);
        let csv = same_items(&site, "m.csv", &as_csv(&rows));
        prop_assert_eq!(csv.len(), rows.len());
        let json = same_items(&site, "m.jsonl", &as_json_lines(&rows));
        prop_assert_eq!(&json, &csv);
        let parquet = as_parquet(&site, &rows);
        prop_assert_eq!(&same_items(&site, "m.parquet", &parquet), &csv);
    }
}
