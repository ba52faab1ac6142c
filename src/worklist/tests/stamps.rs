//! Stamps, and files that change.

use super::{Site, items, mistakes, read};
use crate::worklist::{WorkList, WorkOptions};

fn stamps(options: &WorkOptions) -> Vec<u64> {
    items(&read(options)).0.iter().map(|item| item.stamp).collect()
}

#[test]
fn a_stamp_changes_with_what_is_known_and_with_nothing_else() {
    let lines = "call_id,recording,agent_id\na,a.wav,x\nb,b.wav,x\n";
    let site = Site::of(&[("in/manifest.csv", lines), ("in/a.wav", "1"), ("in/b.wav", "1")]);
    let options = site.options("in");
    let first = stamps(&options);
    assert_eq!(stamps(&options), first);
    assert_eq!(stamps(&site.options("in/../in")), first, "however the folder is written");
    let changes: [(&str, &str, &str); 4] = [
        ("another size", "in/a.wav", "12"),
        ("a transcript", "in/a.json", "{}"),
        ("another transcript", "in/a.transcript.json", "{}"),
        ("another agent", "in/manifest.csv", "call_id,recording,agent_id\na,a.wav,y\nb,b.wav,x\n"),
    ];
    let mut before = first.clone();
    for (name, file, text) in changes {
        site.write(file, text.as_bytes());
        let after = stamps(&options);
        assert_ne!(after[0], before[0], "{name}");
        assert_eq!(after[1], first[1], "{name}");
        before = after;
    }
    std::fs::remove_file(site.path("in/a.wav")).expect("removed");
    assert_ne!(stamps(&options)[0], before[0], "no recording");
}

#[test]
fn a_manifest_that_changes_between_the_passes_is_a_mistake() {
    let lines = |agent: &str, calls: usize| -> String {
        let calls = (0..calls).map(|call| format!("c{call},c{call}.wav,{agent}\n"));
        ["call_id,recording,agent_id\n".to_owned()].into_iter().chain(calls).collect()
    };
    let cases = [
        ("a cell", lines("y", 3)),
        ("a line more", lines("x", 4)),
        ("a line less", lines("x", 2)),
        ("a mistake", lines("x", 3).replace("c1,c1.wav", "c1,")),
        ("names of columns", lines("x", 3).replace("agent_id", "team")),
        ("not UTF-8", "call_id\u{0}".into()),
        ("empty", String::new()),
    ];
    for (name, text) in cases {
        let site = Site::of(&[("m.csv", &lines("x", 3))]);
        let list = read(&site.listed_in("m.csv"));
        site.write("m.csv", text.as_bytes());
        let mut handed = 0;
        let ended = list.for_each(&mut |_| handed += 1);
        assert!(ended.expect_err(name)[0].message.contains("the manifest changed while it was read"), "{name}");
        assert_eq!(handed, if name == "a line more" { 0 } else { handed }, "{name}");
    }
    let site = Site::of(&[("m.csv", &lines("x", 3))]);
    let list = read(&site.listed_in("m.csv"));
    std::fs::remove_file(site.path("m.csv")).expect("removed");
    assert!(list.for_each(&mut |_| {}).is_err());
}

#[test]
fn chunks_before_a_change_are_right_and_those_after_are_held_back() {
    let lines = |last: &str| -> String {
        let calls = (0..10_000).map(|call| format!("c{call},c{call}.wav,x\n"));
        ["call_id,recording,team\n".to_owned()].into_iter().chain(calls).chain([last.to_owned()]).collect()
    };
    let site = Site::of(&[("m.csv", &lines("last,l.wav,x\n"))]);
    let list = read(&site.listed_in("m.csv"));
    assert_eq!(items(&list).1.missing, 10_001);
    site.write("m.csv", lines("last,l.wav,y\n").as_bytes());
    let mut teams = Vec::new();
    list.for_each(&mut |item| teams.extend(item.recording.metadata.team)).expect_err("changed");
    assert_eq!(teams.len(), 2 * 4096);
    assert!(teams.iter().all(|team| team == "x"));
}

#[test]
fn a_file_that_is_gone_between_the_passes_is_left_out() {
    let site = Site::of(&[("in/a.wav", ""), ("in/b.wav", "")]);
    let list = WorkList::read(&site.options("in")).expect("a list");
    std::fs::remove_file(site.path("in/a.wav")).expect("removed");
    site.write("in/new.wav", b"");
    assert_eq!(items(&list).0.len(), 1);
    assert_eq!(mistakes(&site.options("gone")).len(), 1);
}
