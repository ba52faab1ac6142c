//! What the server promises: nobody comes in who should not, nothing leaves that should not, and what is heard is the recording.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;
mod served;

use common::{callsift, stderr, stdout};
use served::{STRANGE_AGENT, STRANGE_ID, STRANGE_QUOTE, Site, encoded};
use std::path::Path;
use std::time::Duration;

#[test]
fn lists_are_filtered_and_sorted_the_worst_first_a_page_at_a_time() {
    let site = Site::new();
    let served = site.serve(&[]);
    let ids = |query: &str| {
        let csv = served.get(&format!("/calls.csv?{query}"));
        assert_eq!(csv.status, 200, "{query}: {}", csv.text());
        let text = csv.text();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let ids: Vec<String> =
            reader.records().map(|row| row.expect("a row")[0].trim_start_matches('\'').to_owned()).collect();
        let page = served.get(&format!("/?{query}"));
        let links = page.page().matches("href=\"/calls/").count();
        assert_eq!((page.status, links), (200, ids.len()), "{query}");
        ids
    };
    let all = ids("");
    assert_eq!((all.len(), all[0].as_str()), (5, STRANGE_ID), "{all:?}");
    let cases: [(&str, &[&str]); 10] = [
        ("from=2026-11-20&to=2026-11-20", &["plain"]),
        ("from=2026-11-21", &[STRANGE_ID, "masked"]),
        ("team=North", &["plain"]),
        ("agent=wang", &["plain"]),
        (&format!("agent={}", encoded(STRANGE_AGENT)), &[STRANGE_ID]),
        ("severity=major", &[STRANGE_ID]),
        ("severity=fatal", &[]),
        ("rule=mine.door&text=%E4%B8%8A%E9%97%A8", &[STRANGE_ID]),
        ("text=%E8%AF%B7%E8%AF%B4", &[]),
        ("team=South&rule=mine.door&from=&agent=", &[STRANGE_ID]),
    ];
    for (query, expected) in cases {
        assert_eq!(ids(query), expected, "{query}");
    }
}

#[test]
fn a_hundred_calls_are_on_a_page() {
    let site = Site::of_words(101);
    let served = site.serve(&[]);
    let links = |target: &str| served.get(target).page().matches("href=\"/calls/").count();
    assert_eq!((links("/"), links("/?page=2"), links("/?page=3")), (100, 1, 0));
    let first = served.get("/?verdict=not_judged").page();
    assert!(first.contains("calls 1–100 of 101") && !first.contains("rel=\"prev\""), "{first}");
    assert!(first.contains("rel=\"next\" href=\"/?verdict=not_judged&amp;page=2\""), "{first}");
    let second = served.get("/?verdict=not_judged&page=2").page();
    assert!(second.contains("calls 101–101 of 101") && !second.contains("rel=\"next\""), "{second}");
    assert!(second.contains("rel=\"prev\" href=\"/?verdict=not_judged&amp;page=1\""), "{second}");
}

#[test]
fn markup_and_formulas_do_nothing() {
    let site = Site::new();
    let served = site.serve(&[]);
    let pages =
        ["/".to_owned(), format!("/calls/{}", encoded(STRANGE_ID)), format!("/?text={}", encoded("\"><script>x"))];
    for target in &pages {
        let page = served.get(target);
        assert_eq!(page.status, 200, "{target}");
        let text = page.page();
        for markup in ["<script>alert", "<script>x", "<img src=x", "<svg/onload"] {
            assert!(!text.contains(markup), "{markup} in {target}: {text}");
        }
    }
    let sought = served.get(&pages[2]).page();
    assert!(sought.contains("value=\"&quot;&gt;&lt;script&gt;x\""), "{sought}");
    let list = served.get("/").page();
    let link = format!("href=\"/calls/{}\"", encoded(STRANGE_ID));
    assert!(list.contains(&link) && list.contains("&lt;script&gt;alert(1)") && list.contains("&lt;svg"), "{list}");
    let text = served.get("/calls.csv").text();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let columns = reader.headers().expect("a head").clone();
    let row = reader.records().map(|row| row.expect("a row")).find(|row| row[0].contains("cmd")).expect("the call");
    let cell = |name: &str| row[columns.iter().position(|column| column == name).expect("a column")].to_owned();
    assert_eq!(cell("call_id"), format!("'{STRANGE_ID}"));
    assert_eq!(cell("agent_id"), format!("'{STRANGE_AGENT}"));
    assert_eq!(cell("gravest_quote"), format!("'{STRANGE_QUOTE}"));
    assert!(served.get("/calls.csv").header("content-disposition").starts_with("attachment"));
}

#[test]
fn the_log_says_who_heard_what() {
    let site = Site::new();
    let served = site.serve(&["--user-header", "X-Forwarded-User"]);
    let user = "wang \"<b>\\fang";
    let as_user =
        |target: &str, more: &[(&str, &str)]| served.get_with(target, &[&[("X-Forwarded-User", user)], more].concat());
    assert_eq!(served.get("/").status, 403, "no user");
    assert_eq!(as_user("/?team=South", &[]).status, 200);
    assert_eq!(as_user(&format!("/calls/{}", encoded(STRANGE_ID)), &[]).status, 200);
    // From 1 s to 2 s: 8,000 frames of two 16-bit channels a second, behind 44 bytes.
    assert_eq!(as_user("/audio/plain.wav", &[("Range", "bytes=32044-64043")]).status, 206);
    assert_eq!(as_user("/audio/plain.wav", &[("Range", "bytes=99999999-")]).status, 416);
    assert_eq!(served.ask("GET", &format!("/?token={}", served.token), &[]).status, 303);
    assert_eq!(served.ask("GET", "/audio/plain.wav", &[("X-Forwarded-User", "mallory")]).status, 401);
    assert_eq!(served.ask("GET", "/health", &[]).status, 200);
    let log = site.log();
    let field = |name: &str| log.iter().map(|line| line[name].clone()).collect::<Vec<_>>();
    assert_eq!(field("status"), [403, 200, 200, 206, 416, 303, 401]);
    assert_eq!(field("kind"), ["list", "list", "call", "audio", "audio", "list", "audio"]);
    let null = serde_json::Value::Null;
    assert_eq!(
        field("user"),
        [null.clone(), user.into(), user.into(), user.into(), user.into(), null.clone(), null.clone()]
    );
    assert_eq!((&log[1]["filter"], &log[1]["calls"]), (&"team=South".into(), &4.into()));
    assert_eq!(log[2]["call_id"], STRANGE_ID);
    assert_eq!(log[3]["bytes"], serde_json::json!({"start": 32_044, "end": 64_044}));
    assert_eq!(log[3]["ms"], serde_json::json!({"start": 1_000, "end": 2_000}));
    assert_eq!(log[4]["bytes"], null);
    assert!(log.iter().all(|line| line["remote"].as_str().is_some_and(|at| at.starts_with("127.0.0.1:"))), "{log:?}");
    assert!(
        log.iter().all(|line| line["time"].as_str().is_some_and(|at| at.len() == 24 && at.ends_with('Z'))),
        "{log:?}"
    );
    let text = String::from_utf8(site.bytes("access.jsonl")).expect("UTF-8");
    assert!(!text.contains(&served.token), "the token is in no log");
}

#[test]
fn what_cannot_be_logged_is_not_shown() {
    let site = Site::of(&["a.wav"]);
    let served = site.serve(&[]);
    assert_eq!(served.get("/").status, 200);
    // A folder in its place cannot be written to.
    std::fs::remove_file(site.path().join("access.jsonl")).expect("removed");
    std::fs::create_dir(site.path().join("access.jsonl")).expect("made");
    for target in ["/", "/audio/a.wav.wav"] {
        let answer = served.get(target);
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (503, "the access log cannot be written, so nothing is shown\n")
        );
    }
}

#[test]
fn calls_that_come_or_go_are_seen_without_a_new_start() {
    let site = Site::of(&["a.wav", "b.wav"]);
    let served = site.serve(&[]);
    let has = |id: &str| served.get(&format!("/calls/{id}")).status;
    assert_eq!((has("b.wav"), has("c.wav")), (200, 404));
    site.put("in/c.wav", common::call_wav(18.0));
    site.inspect();
    let output = callsift(site.path(), &["forget", "out", "--call", "b.wav"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!((has("a.wav"), has("b.wav"), has("c.wav")), (200, 404, 200));
    assert_eq!(served.get("/audio/b.wav.wav").status, 404, "what was erased is not heard");
}

#[test]
fn it_ends_when_it_is_asked_to_and_leaves_nothing_behind() {
    let site = Site::of(&["a.wav"]);
    let served = site.serve(&[]);
    assert_eq!(served.get("/audio/a.wav.wav").status, 200);
    let left = |folder: &Path| std::fs::read_dir(folder).expect("listed").count();
    let temporary = served.temporary.clone();
    assert_eq!(left(&temporary), 0, "sounds have no name");
    // A connection that is kept open does not hold it up.
    let _idle = std::net::TcpStream::connect(served.address).expect("connected");
    assert_eq!(served.end(), Some(0));
    assert_eq!(left(&temporary), 0);
}
