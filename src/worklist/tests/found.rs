//! What is found in folders, and what a manifest lists.

use super::{Site, ids, items, mistakes, read};
use crate::worklist::{WorkCounts, WorkOptions};
use std::path::PathBuf;

#[test]
fn a_folder_is_walked_and_transcripts_are_found_beside() {
    let site = Site::of(&[
        ("day/a.wav", ""),
        ("day/a.transcript.json", "{}"),
        ("day/b.mp3", ""),
        ("day/chat.transcript.json", "{}"),
        ("day/notes.txt", ""),
    ]);
    assert_eq!(ids(&site.options("day")), ["a.wav", "b.mp3", "chat.transcript.json"]);
    let (items, counts) = items(&read(&site.options("day")));
    assert!(items[0].recording.transcript.is_some() && items[1].recording.transcript.is_none());
    assert!(items[2].recording.audio.is_none() && !items[2].audio_is_there && items[0].audio_is_there);
    assert_eq!(counts, WorkCounts::default());
}

#[test]
fn a_manifest_at_the_top_names_calls_and_the_rest_is_unlisted() {
    let lines = [("c2", "b.wav"), ("c1", "./sub/../a.wav")];
    let csv = format!("call_id,recording,agent_id\n{},{},x\n{},{},x\n", lines[0].0, lines[0].1, lines[1].0, lines[1].1);
    let json: String =
        lines.iter().map(|(id, path)| format!("{{\"call_id\":\"{id}\",\"recording\":\"{path}\"}}\n")).collect();
    for (name, text) in [("manifest.csv", &csv), ("manifest.jsonl", &json), ("manifest.ndjson", &json)] {
        let site = Site::of(&[(&format!("day/{name}"), text), ("day/sub/x.txt", "")]);
        for file in ["a.wav", "b.wav", "extra.wav"] {
            site.write(&format!("day/{file}"), b"");
        }
        assert_eq!(ids(&site.options("day")), ["c2", "c1", "extra.wav"], "{name}");
        let (_, counts) = items(&read(&site.options("day")));
        assert_eq!(counts, WorkCounts { listed: 2, unlisted: 1, missing: 0 }, "{name}");
    }
}

#[test]
fn a_manifest_further_down_is_taken_where_it_looks_like_one() {
    let site = Site::of(&[
        ("in/one/manifest.csv", "call_id,recording\nc1,a.wav\n"),
        ("in/one/a.wav", ""),
        ("in/two/manifest.jsonl", "{\"call_id\":\"c2\",\"recording\":\"b.wav\"}\n"),
        ("in/two/b.wav", ""),
        ("in/three/manifest.csv", "name,size\nx,1\n"),
        ("in/three/manifest.jsonl", "{\"name\":\"x\"}\n"),
        ("in/three/manifest.parquet", "no Parquet"),
        ("in/three/c.wav", ""),
    ]);
    assert_eq!(ids(&site.options("in")), ["c1", "c2", "three/c.wav"]);
    let ignored = read(&site.options("in")).ignored_manifests().to_vec();
    assert_eq!(ignored.len(), 3, "{ignored:?}");
}

#[test]
fn a_recording_that_is_listed_but_missing_stays_in_the_list() {
    let site = Site::of(&[("day/manifest.csv", "call_id,recording,transcript\nc1,gone.wav,\nc2,,gone.json\n")]);
    let (items, counts) = items(&read(&site.options("day")));
    assert_eq!(items.iter().map(|item| item.audio_is_there).collect::<Vec<_>>(), [false, false]);
    assert_eq!(counts, WorkCounts { listed: 2, unlisted: 0, missing: 1 });
}

#[test]
fn a_glob_takes_what_it_matches() {
    let site = Site::of(&[("day/a.wav", ""), ("day/b.wav", ""), ("day/sub/c.wav", ""), ("day/sub/d.bin", "")]);
    assert_eq!(ids(&site.options("day/{a,c}*.wav")), ["a.wav"]);
    assert_eq!(ids(&site.options("day/**/*.wav")), ["a.wav", "b.wav", "sub/c.wav"]);
    assert_eq!(ids(&site.options("day/sub/*")), ["c.wav", "d.bin"], "a file that is named is taken whatever its name");
}

#[test]
fn a_file_is_one_call_whatever_inputs_lead_to_it() {
    let site = Site::of(&[("in/a.wav", ""), ("in/sub/b.wav", ""), ("in/sub/b.transcript.json", "{}")]);
    let options = |inputs: &[&str]| WorkOptions {
        inputs: inputs.iter().map(|input| site.path(input)).collect(),
        ..WorkOptions::default()
    };
    assert_eq!(ids(&options(&["in", "in/sub", "in/*.wav"])), ["a.wav", "sub/b.wav"]);
    assert_eq!(ids(&options(&["in/sub/b.transcript.json", "in/sub/b.wav"])), ["b.wav"]);
    assert_eq!(ids(&options(&["in/a.wav", "in/sub/b.wav"])), ["a.wav", "b.wav"]);
}

#[test]
fn transcripts_are_taken_from_their_folder() {
    let site =
        Site::of(&[("in/x/a.wav", ""), ("text/x/a.json", "{}"), ("in/b.wav", ""), ("text/b.transcript.json", "{}")]);
    let options = WorkOptions { transcripts: Some(site.path("text")), ..site.options("in") };
    let (items, _) = items(&read(&options));
    let taken: Vec<_> = items.iter().map(|item| item.recording.transcript.clone()).collect();
    assert_eq!(taken, [Some(site.path("text/b.transcript.json")), Some(site.path("text/x/a.json"))]);
}

#[test]
fn transcripts_of_all_endings_are_taken() {
    let site = Site::of(&[
        ("in/a.wav", ""),
        ("in/a.vtt", ""),
        ("in/a.srt", ""),
        ("in/b.wav", ""),
        ("in/b.wav.json", "{}"),
        ("in/c.wav", ""),
        ("in/c.json.gz", ""),
        ("in/c.wav.json", "{}"),
        ("in/d.wav", ""),
        ("in/d.txt", ""),
    ]);
    let (items, _) = items(&read(&site.options("in")));
    let taken: Vec<_> = items.iter().map(|item| item.recording.transcript.clone()).collect();
    let expected = [Some("in/a.srt"), Some("in/b.wav.json"), Some("in/c.json.gz"), None];
    assert_eq!(taken, expected.map(|path| path.map(|path| site.path(path))));
}

#[test]
fn a_transcript_that_a_recording_takes_is_no_call_of_its_own() {
    let site = Site::of(&[
        ("in/a.wav", ""),
        ("in/a.transcript.json", "{}"),
        ("text/a.transcript.json", "{}"),
        ("text/b.transcript.json", "{}"),
        ("listed/manifest.csv", "call_id,recording\nc,b.dat\n"),
        ("listed/b.dat", ""),
        ("listed/b.transcript.json", "{}"),
    ]);
    let options = WorkOptions { transcripts: Some(site.path("text")), ..site.options("in") };
    assert_eq!(ids(&options), ["a.wav"]);
    let (found, _) = items(&read(&options));
    assert_eq!(found[0].recording.transcript, Some(site.path("text/a.transcript.json")));
    let both = WorkOptions { inputs: vec![site.path("in"), site.path("text")], ..options };
    assert_eq!(ids(&both), ["a.wav", "b.transcript.json"]);
    assert_eq!(ids(&site.options("listed")), ["c"]);
}

#[test]
fn mistakes_in_inputs_are_collected() {
    let site = Site::of(&[("one/a.wav", ""), ("two/a.wav", ""), ("empty/readme.txt", "")]);
    let cases: [(Vec<PathBuf>, &str); 4] = [
        (vec![site.path("gone")], "no such file or folder"),
        (vec![site.path("empty")], "no recording and no transcript found"),
        (vec![site.path("one"), site.path("two")], "2 recordings have this call_id"),
        (vec![site.path("one/*.mp3")], "the glob matches no file"),
    ];
    for (inputs, message) in cases {
        let mistakes = mistakes(&WorkOptions { inputs, ..WorkOptions::default() });
        assert!(mistakes.iter().any(|mistake| mistake.message.contains(message)), "{mistakes:?}");
    }
}
