//! Legs of calls, in the manifest and in a file of their own.

use super::{Site, items, mistakes, read, write_parquet};
use crate::recording::Leg;
use crate::worklist::WorkOptions;
use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use std::sync::Arc;

/// Start, end, who, which agent, on which side.
fn shown(legs: &[Leg]) -> Vec<String> {
    let end = |leg: &Leg| leg.end_ms.map_or_else(|| "end".to_owned(), |ms| ms.to_string());
    let agent = |leg: &Leg| leg.agent_id.clone().unwrap_or_default();
    let shown = |leg: &Leg| format!("{}-{} {} {} {}", leg.start_ms, end(leg), leg.party.name(), agent(leg), leg.side);
    legs.iter().map(shown).collect()
}

fn legs(options: &WorkOptions) -> Vec<Vec<String>> {
    items(&read(options)).0.iter().map(|item| shown(&item.recording.legs)).collect()
}

const CALLS: &str = "call_id,recording,agent_channel\na,a.wav,\nb,b.wav,1\n";
const LEGS: &str = "call_id,start_ms,end_ms,party_kind,agent_id,channel\n\
    a,12500,,agent,007,\na,0,,ivr,,\nb,0,30000,voicemail,,0\nb,0,,agent,008,right\n";

#[test]
fn a_legs_file_says_who_is_where() {
    let expected = [
        vec!["0-12500 ivr  agent".to_owned(), "12500-end agent 007 agent".to_owned()],
        vec!["0-end agent 008 agent".to_owned(), "0-30000 voicemail  customer".to_owned()],
    ];
    let site = Site::of(&[
        ("m.csv", CALLS),
        ("l.csv", LEGS),
        (
            "l.jsonl",
            "{\"call_id\":\"a\",\"start_ms\":0,\"party_kind\":\"ivr\"}\n\
             {\"call_id\":\"a\",\"start_ms\":12500,\"end_ms\":null,\"party_kind\":\"agent\",\"agent_id\":\"007\"}\n\
             {\"call_id\":\"b\",\"start_ms\":0,\"end_ms\":3e4,\"party_kind\":\"voicemail\",\"side\":\"customer\",\"more\":1}\n\
             {\"call_id\":\"b\",\"start_ms\":0,\"party_kind\":\"agent\",\"agent_id\":\"008\"}\n",
        ),
    ]);
    let texts = |cells: [Option<&str>; 4]| Arc::new(StringArray::from(cells.to_vec())) as ArrayRef;
    let columns = vec![
        ("call_id", texts(["a", "a", "b", "b"].map(Some))),
        ("start_ms", Arc::new(Int64Array::from(vec![12_500, 0, 0, 0])) as ArrayRef),
        ("end_ms", Arc::new(Float64Array::from(vec![None, None, Some(30_000.0), None])) as ArrayRef),
        ("party_kind", texts(["agent", "ivr", "voicemail", "agent"].map(Some))),
        ("agent_id", texts([Some("007"), None, None, Some("008")])),
    ];
    write_parquet(&site.path("l.parquet"), columns);
    for file in ["l.csv", "l.jsonl", "l.parquet"] {
        let options = WorkOptions { legs: Some(site.path(file)), ..site.listed_in("m.csv") };
        assert_eq!(legs(&options), expected, "{file}");
    }
    assert_eq!(legs(&site.listed_in("m.csv")), [vec![], Vec::<String>::new()]);
}

#[test]
fn a_call_that_no_manifest_lists_has_legs_too() {
    let site = Site::of(&[("in/x.wav", ""), ("l.csv", "call_id,start_ms,party_kind\nx.wav,0,robot\n")]);
    let options = WorkOptions { legs: Some(site.path("l.csv")), ..site.options("in") };
    assert_eq!(legs(&options), [["0-end robot  agent"]]);
}

#[test]
fn the_manifest_says_who_is_where() {
    let cell =
        r#"[{"start_ms":0,"party_kind":"announcement"},{"start_ms":5000,"party_kind":"customer","agent_id":null}]"#;
    let csv = format!("call_id,recording,legs\na,a.wav,\"{}\"\n", cell.replace('"', "\"\""));
    let list = format!("{{\"call_id\":\"a\",\"recording\":\"a.wav\",\"legs\":{cell}}}\n");
    let text = format!("{{\"call_id\":\"a\",\"recording\":\"a.wav\",\"legs\":\"{}\"}}\n", cell.replace('"', "\\\""));
    for (file, content) in [("m.csv", csv), ("m.jsonl", list), ("n.jsonl", text)] {
        let site = Site::of(&[(file, &content)]);
        let options = site.listed_in(file);
        assert_eq!(legs(&options), [["0-5000 announcement  customer", "5000-end customer  customer"]], "{file}");
        let kept = items(&read(&options)).0[0].recording.metadata.extra.clone();
        assert!(kept.is_empty(), "{file}: {kept:?}");
    }
}

#[test]
fn the_only_agent_of_the_legs_is_the_call_s() {
    let calls = "call_id,recording,agent_id\nplain,a.wav,\nsaid,a.wav,A9\ntwo,a.wav,\nnone,a.wav,\n";
    let legs = "call_id,start_ms,end_ms,party_kind,agent_id\nplain,0,10,robot,R1\nplain,10,20,agent,A1\nplain,20,,agent,A1\n\
        said,0,,agent,A1\ntwo,0,10,agent,A1\ntwo,10,,agent,A2\nnone,0,,robot,R1\n";
    let site = Site::of(&[("m.csv", calls), ("l.csv", legs)]);
    let options = WorkOptions { legs: Some(site.path("l.csv")), ..site.listed_in("m.csv") };
    let agents: Vec<_> = items(&read(&options)).0.into_iter().map(|item| item.recording.metadata.agent_id).collect();
    assert_eq!(agents, [Some("A1".into()), Some("A9".to_owned()), None, None]);
}

#[test]
fn legs_change_the_stamp() {
    let site = Site::of(&[("m.csv", CALLS), ("l.csv", LEGS), ("n.csv", &LEGS.replace("12500", "12600"))]);
    let stamps = |file: &str| {
        let options = WorkOptions { legs: Some(site.path(file)), ..site.listed_in("m.csv") };
        items(&read(&options)).0.iter().map(|item| item.stamp).collect::<Vec<_>>()
    };
    let (one, other) = (stamps("l.csv"), stamps("n.csv"));
    assert!(one[0] != other[0] && one[1] == other[1], "{one:?} {other:?}");
}

#[test]
fn mistakes_in_a_legs_file_name_line_value_and_way_out() {
    let cases = [
        ("start_ms,party_kind\n0,ivr\n", "l.csv:1", "the column call_id is missing"),
        ("call_id,party_kind\na,ivr\n", "l.csv:1", "the column start_ms is missing"),
        ("call_id,start_ms\na,0\n", "l.csv:1", "the column party_kind is missing"),
        ("call_id,start_ms,party_kind\n,0,ivr\n", "l.csv:2", "call_id is empty"),
        ("call_id,start_ms,party_kind\na,,ivr\n", "l.csv:2", "start_ms of a leg is empty"),
        ("call_id,start_ms,party_kind\na,0,\n", "l.csv:2", "party_kind of a leg is empty"),
        ("call_id,start_ms,party_kind\na,0,human\n", "l.csv:2", "party_kind \"human\" is not known"),
        ("call_id,start_ms,party_kind\na,-1,ivr\n", "l.csv:2", "start_ms \"-1\" is not a number of ms"),
        ("call_id,start_ms,party_kind\na,0.5,ivr\n", "l.csv:2", "start_ms \"0.5\" is not a number of ms"),
        ("call_id,start_ms,party_kind\na,inf,ivr\n", "l.csv:2", "start_ms \"inf\" is not a number of ms"),
        ("call_id,start_ms,end_ms,party_kind\na,5,4,ivr\n", "l.csv:2", "end_ms 4 of a leg is not after its start_ms 5"),
        ("call_id,start_ms,end_ms,party_kind\na,5,5,ivr\n", "l.csv:2", "end_ms 5 of a leg is not after its start_ms 5"),
        ("call_id,start_ms,party_kind,side\na,0,ivr,left\n", "l.csv:2", "side \"left\" is not known"),
        ("call_id,start_ms,party_kind,channel\na,0,ivr,2\n", "l.csv:2", "channel \"2\" is not a channel"),
        ("call_id,start_ms,party_kind\na,0,ivr\nz,0,ivr\n", "l.csv:3", "no call has this call_id"),
        (
            "call_id,start_ms,end_ms,party_kind\na,4000,,agent\na,0,5000,ivr\n",
            "l.csv:2",
            "the leg agent from 4000 ms starts within the leg ivr from 0 ms, on the same side (line 3)",
        ),
        (
            // The manifest says that the agent of this call is on channel 1.
            "call_id,start_ms,party_kind,channel\nb,0,agent,\nb,0,ivr,1\n",
            "l.csv:3",
            "the leg ivr from 0 ms starts within the leg agent from 0 ms",
        ),
    ];
    for (text, place, message) in cases {
        let site = Site::of(&[("m.csv", CALLS), ("l.csv", text)]);
        let wrong = mistakes(&WorkOptions { legs: Some(site.path("l.csv")), ..site.listed_in("m.csv") });
        assert_eq!(wrong.len(), 1, "{text}: {wrong:?}");
        assert!(wrong[0].place.ends_with(place) && !wrong[0].help.is_empty(), "{text}: {}", wrong[0]);
        assert!(wrong[0].message.contains(message), "{text}: {}", wrong[0].message);
    }
    let site = Site::of(&[("m.csv", CALLS)]);
    let wrong = mistakes(&WorkOptions { legs: Some(site.path("none.csv")), ..site.listed_in("m.csv") });
    assert!(wrong[0].message.contains("cannot be read"), "{wrong:?}");
}

#[test]
fn mistakes_in_the_manifest_s_legs_name_line_value_and_way_out() {
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    let many = format!("[{}]", vec!["{}"; 1_001].join(","));
    let cases = [
        ("7", "legs \"7\" are not a JSON list"),
        ("[{", "legs \"[{\" are not a JSON list"),
        (deep.as_str(), "are not a JSON list"),
        ("[7]", "the leg \"7\" is not an object"),
        ("[{}]", "start_ms of a leg is empty"),
        (r#"[{"start_ms":0,"party":"ivr"}]"#, "\"party\" of a leg is not known"),
        (r#"[{"start_ms":[],"party_kind":"ivr"}]"#, "start_ms \"[]\" is not a number of ms"),
        (r#"[{"start_ms":0,"end_ms":-4,"party_kind":"ivr"}]"#, "end_ms \"-4\" is not a number of ms"),
        (r#"[{"start_ms":0,"party_kind":"ivr"},{"start_ms":0,"party_kind":"agent"}]"#, "on the same side"),
        (many.as_str(), "1001 legs, more than 1000"),
    ];
    for (cell, message) in cases {
        let site =
            Site::of(&[("m.csv", &format!("call_id,recording,legs\na,a.wav,\"{}\"\n", cell.replace('"', "\"\"")))]);
        let wrong = mistakes(&site.listed_in("m.csv"));
        assert!(wrong.iter().all(|one| one.place.ends_with("m.csv:2") && !one.help.is_empty()), "{cell}: {wrong:?}");
        assert!(wrong.iter().any(|one| one.message.contains(message)), "{cell}: {wrong:?}");
    }
    let cell = "[{\"\"start_ms\"\":0,\"\"party_kind\"\":\"\"ivr\"\"}]";
    let site = Site::of(&[
        ("m.csv", &format!("call_id,recording,legs\na,a.wav,\"{cell}\"\n")),
        ("l.csv", "call_id,start_ms,party_kind\na,0,ivr\n"),
    ]);
    let wrong = mistakes(&WorkOptions { legs: Some(site.path("l.csv")), ..site.listed_in("m.csv") });
    assert!(wrong[0].place.ends_with("m.csv:2"), "{wrong:?}");
    assert!(wrong[0].message.contains("the legs of a are in the legs file too"), "{wrong:?}");
}
