//! Mistakes in manifests, in every format.

use super::{Site, items, mistakes, read, write_parquet};
use crate::worklist::{WorkMistake, WorkOptions};
use arrow::array::{ArrayRef, BinaryArray, Float64Array, StringArray, TimestampMicrosecondArray};
use std::sync::Arc;

fn only(options: &WorkOptions, name: &str) -> WorkMistake {
    let mut mistakes = mistakes(options);
    assert_eq!(mistakes.len(), 1, "{name}: {mistakes:?}");
    assert!(!mistakes[0].help.is_empty());
    mistakes.remove(0)
}

fn check(file: &str, cases: &[(&str, &str, &str)]) {
    for (text, place, message) in cases {
        let site = Site::of(&[(file, text)]);
        let mistake = only(&site.listed_in(file), text);
        assert!(mistake.place.ends_with(place), "{text}: {}", mistake.place);
        assert!(mistake.message.contains(message), "{text}: {}", mistake.message);
    }
}

#[test]
fn csv_mistakes_name_line_value_and_way_out() {
    check(
        "m.csv",
        &[
            ("recording\na.wav\n", "m.csv:1", "the column call_id is missing"),
            ("call_id\na\n", "m.csv:1", "the columns recording and transcript are both missing"),
            ("call_id,recording,call_id\na,a.wav,b\n", "m.csv:1", "the column call_id stands there twice"),
            ("call_id,recording\na,a.wav\na,b.wav\n", "m.csv:3", "call_id a is that of line 2 too"),
            ("call_id,recording\n,a.wav\n", "m.csv:2", "call_id is empty"),
            ("call_id,recording\na,\n", "m.csv:2", "neither recording nor transcript is given"),
            ("call_id,recording\na,a.wav,x\n", "m.csv:2", "3 cells under 2 columns"),
            ("call_id,recording,started_at\na,a.wav,noon\n", "m.csv:2", "started_at \"noon\" is not a time"),
            ("call_id,recording,started_at\na,a.wav,2026-11-20T09:30:00\n", "m.csv:2", "has no offset"),
            ("call_id,recording,agent_channel\na,a.wav,2\n", "m.csv:2", "agent_channel \"2\" is not a channel"),
            ("call_id,recording,direction\na,a.wav,in\n", "m.csv:2", "direction \"in\" is not known"),
            ("call_id,recording,callee_role\na,a.wav,wife\n", "m.csv:2", "callee_role \"wife\" is not known"),
            ("call_id,recording,ended_by\na,a.wav,me\n", "m.csv:2", "ended_by \"me\" is not known"),
            ("call_id,recording,answered\na,a.wav,maybe\n", "m.csv:2", "answered \"maybe\" is neither yes nor no"),
            ("call_id,recording,talk_s\na,a.wav,1m\n", "m.csv:2", "talk_s \"1m\" is not a number of seconds"),
            ("call_id,recording,talk_s\na,a.wav,-1\n", "m.csv:2", "talk_s \"-1\" is not a number of seconds"),
            ("call_id,recording,talk_s\na,a.wav,inf\n", "m.csv:2", "talk_s \"inf\" is not a number of seconds"),
        ],
    );
}

#[test]
fn json_mistakes_name_line_value_and_way_out() {
    check(
        "m.jsonl",
        &[
            ("{\"recording\":\"a.wav\"}\n", "m.jsonl:1", "call_id is empty"),
            ("\n{\"call_id\":\"a\"}\n", "m.jsonl:2", "neither recording nor transcript is given"),
            ("{\"call_id\":\"a\",\"recording\":{}}", "m.jsonl:1", "the value of recording is an object or a list"),
            ("{\"call_id\":\"a\",\"recording\":[1]}", "m.jsonl:1", "the value of recording is an object or a list"),
            ("{\"call_id\":\"a\",\"call_id\":\"b\"}", "m.jsonl:1", "call_id stands there twice"),
            ("{\"call_id\":99999999999999999999,\"recording\":\"a\"}", "m.jsonl:1", "more digits than JSON keeps"),
            ("{\"call_id\":\"a\"", "m.jsonl:1", "not a JSON object"),
            ("[\"call_id\"]", "m.jsonl:1", "not a JSON object"),
            ("{\"call_id\":\"a\",\"recording\":\"b\"} x", "m.jsonl:1", "not a JSON object"),
            (
                "{\"call_id\":\"a\",\"recording\":\"b\"}\n{\"call_id\":\"a\",\"recording\":\"c\"}\n",
                "m.jsonl:2",
                "call_id a is that of line 1 too",
            ),
            ("{\"call_id\":\"a\",\"recording\":\"b\",\"direction\":7}", "m.jsonl:1", "direction \"7\" is not known"),
        ],
    );
}

#[test]
fn parquet_mistakes_name_the_row() {
    let site = Site::of(&[]);
    let text = |cells: [Option<&str>; 2]| Arc::new(StringArray::from(cells.to_vec())) as ArrayRef;
    let binary = || Arc::new(BinaryArray::from(vec![b"a".as_slice(), b"b"])) as ArrayRef;
    let (ids, files) = (text([Some("a"), Some("b")]), text([Some("a.wav"), Some("b.wav")]));
    let no_zone = Arc::new(TimestampMicrosecondArray::from(vec![None, Some(0)])) as ArrayRef;
    let wrong = Arc::new(Float64Array::from(vec![Some(1.0), Some(2.0)])) as ArrayRef;
    let cases = [
        (vec![("call_id", ids.clone()), ("recording", binary())], "m.parquet", "recording is of type Binary"),
        (vec![("recording", files.clone())], "m.parquet", "the column call_id is missing"),
        (
            vec![("call_id", text([Some("a"), None])), ("recording", files.clone())],
            "m.parquet:row 2",
            "call_id is empty",
        ),
        (
            vec![("call_id", text([Some("a"), Some("a")])), ("recording", files.clone())],
            "m.parquet:row 2",
            "call_id a is that of row 1 too",
        ),
        (
            vec![("call_id", ids.clone()), ("recording", files.clone()), ("started_at", no_zone)],
            "m.parquet:row 2",
            "started_at \"1970-01-01T00:00:00\" has no offset",
        ),
        (
            vec![("call_id", ids), ("recording", files), ("agent_channel", wrong)],
            "m.parquet:row 2",
            "agent_channel \"2\" is not a channel",
        ),
    ];
    for (columns, place, message) in cases {
        write_parquet(&site.path("m.parquet"), columns);
        let mistake = only(&site.listed_in("m.parquet"), message);
        assert!(mistake.place.ends_with(place), "{message}: {}", mistake.place);
        assert!(mistake.message.contains(message), "{message}: {}", mistake.message);
    }
    site.write("m.parquet", b"PAR1 and no more");
    assert!(only(&site.listed_in("m.parquet"), "broken").message.contains("not Parquet that can be read"));
}

#[test]
fn further_columns_are_kept_and_empty_cells_are_none() {
    let text = "\u{feff}call_id,recording,team,due_amount,answered,talk_s\n a , a.wav ,,\"1,200\",TRUE,12.5\n";
    let site = Site::of(&[("m.csv", text)]);
    let (items, _) = items(&read(&site.listed_in("m.csv")));
    let recording = &items[0].recording;
    assert_eq!((recording.call_id.as_str(), recording.metadata.team.as_deref()), ("a", None));
    assert_eq!(recording.metadata.column("due_amount"), Some("1,200"));
    let also = ["answered", "talk_s"].map(|column| recording.metadata.column(column));
    assert_eq!(also, [Some("TRUE"), Some("12.5")]);
    assert_eq!(recording.audio, Some(site.path("a.wav")));
}

#[test]
fn text_that_is_not_utf_8_says_how_to_save_it() {
    let cases: [(&str, &[u8], &str); 4] = [
        ("m.csv", b"call_id,recording\n\xb5\xe7,a.wav\n", "line 2 is not UTF-8"),
        ("m.csv", b"call_id,\xb5\xe7\n", "line 1 is not UTF-8"),
        ("m.csv", b"call_id,recording\na,\"x\n\xb5\"\n", "line 3 is not UTF-8"),
        ("m.jsonl", b"\n{\"call_id\":\"\xb5\xe7\"}", "line 2 is not UTF-8"),
    ];
    for (name, bytes, message) in cases {
        let site = Site::of(&[]);
        site.write(name, bytes);
        let mistake = only(&site.listed_in(name), message);
        assert!(mistake.message.contains(message) && mistake.help.contains("GBK"), "{mistake}");
    }
}

#[test]
fn a_quote_that_is_not_closed_does_not_fill_the_memory() {
    let site = Site::of(&[("m.csv", &format!("call_id,recording\na,\"{}", "x\n".repeat(1 << 20)))]);
    assert!(only(&site.listed_in("m.csv"), "quote").message.contains("longer than 1048576 bytes"));
    let site = Site::of(&[("m.jsonl", &format!("{{\"call_id\":\"{}", "x".repeat(1 << 21)))]);
    assert!(only(&site.listed_in("m.jsonl"), "quote").message.contains("longer than 1048576 bytes"));
}

#[test]
fn the_first_fifty_mistakes_are_listed() {
    let lines: String = (0..70).map(|line| format!("c{line},\n")).collect();
    let site = Site::of(&[("m.csv", &format!("call_id,recording\n{lines}"))]);
    let mistakes = mistakes(&site.listed_in("m.csv"));
    assert_eq!((mistakes.len(), mistakes[50].message.as_str()), (51, "20 more mistakes like these"));
}

#[test]
fn equal_ids_are_found_across_files() {
    let site = Site::of(&[
        ("in/manifest.csv", "call_id,recording\n13800138000,a.wav\nx,b.wav\nlone.wav,c.wav\n"),
        ("in/lone.wav", ""),
        (
            "more.jsonl",
            "{\"call_id\":\"y\",\"recording\":\"a\"}\n{\"call_id\":\"x\",\"recording\":\"b\"}\n\
                        {\"call_id\":13800138000,\"recording\":\"c\"}\n",
        ),
    ]);
    let options = WorkOptions { manifest: Some(site.path("more.jsonl")), ..site.options("in") };
    let mut said: Vec<String> = mistakes(&options).into_iter().map(|mistake| mistake.message).collect();
    said.sort();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[0] == "2 recordings have this call_id", "{said:?}");
    assert!(said[1].starts_with("call_id x is that of ") && said[1].ends_with("manifest.csv:3 too"), "{said:?}");
    assert!(said[2].starts_with("call_id ███████████~") && said[2].ends_with("manifest.csv:2 too"), "{said:?}");
}
