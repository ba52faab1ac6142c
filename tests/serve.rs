//! What the server promises: nobody comes in who should not, nothing leaves that should not, and what is heard is the recording.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;
mod served;

use common::{callsift, stderr, stdout};
use served::{Answer, STRANGE_AGENT, STRANGE_ID, STRANGE_QUOTE, Site, encoded};
use std::path::Path;
use std::time::Duration;

#[test]
fn nobody_comes_in_without_the_token_or_from_elsewhere() {
    let site = Site::of(&["a.wav"]);
    let served = site.serve(&["--allow-host", "qa.example.com"]);
    let bearer = format!("Bearer {}", served.token);
    let wrong = format!("Bearer {}x", &served.token[1..]);
    let own = format!("http://{}", served.address);
    let with = |headers: &[(&'static str, &str)], target: &str| {
        let bearer = ("Authorization", bearer.as_str());
        served.ask("GET", target, &[&[bearer], headers].concat()).status
    };
    for target in ["/", "/calls.csv", "/calls/a.wav", "/audio/a.wav.wav", "/waveform/a.wav", "/nothing", "/?text=x"] {
        assert_eq!(served.ask("GET", target, &[]).status, 401, "no token: {target}");
        assert_eq!(served.ask("GET", target, &[("Authorization", &wrong)]).status, 401, "wrong token: {target}");
        assert_eq!(
            served.ask("GET", target, &[("Cookie", &format!("token={}", served.token))]).status,
            401,
            "{target}"
        );
        assert_eq!(with(&[("Host", "evil.example")], target), 403, "another name: {target}");
        assert_eq!(with(&[("Origin", "https://evil.example")], target), 403, "another site: {target}");
        assert_eq!(with(&[("Sec-Fetch-Site", "cross-site")], target), 403, "another site's request: {target}");
        let allowed = if target == "/nothing" { 404 } else { 200 };
        assert_eq!(with(&[("Origin", &own), ("Sec-Fetch-Site", "same-origin")], target), allowed, "{target}");
        assert_eq!(with(&[("Host", "qa.example.com")], target), allowed, "{target}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
        let refused = served.ask(method, "/", &[("Authorization", &bearer), ("Content-Length", "0")]);
        assert_eq!((refused.status, refused.header("allow")), (405, "GET, HEAD"), "{method}");
    }
    let health = served.ask("GET", "/health", &[]);
    assert_eq!((health.status, health.text().as_str()), (200, "ok\n"));
    assert_eq!(served.ask("GET", "/health", &[("Host", "evil.example")]).status, 403);
}

#[test]
fn the_token_is_taken_out_of_the_address_and_a_cookie_opens_from_then_on() {
    let site = Site::of(&["a.wav"]);
    let served = site.serve(&[]);
    let welcomed = served.ask("GET", &format!("/calls/a.wav?token={}&text=a%26b", served.token), &[]);
    assert_eq!((welcomed.status, welcomed.header("location")), (303, "/calls/a.wav?text=a%26b"));
    let cookie = welcomed.header("set-cookie").to_owned();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains(&served.token) && !welcomed.text().contains(&served.token), "{cookie}");
    let kept = cookie.split(';').next().expect("a pair");
    assert_eq!(served.ask("GET", "/", &[("Cookie", kept)]).status, 200);
    assert_eq!(served.ask("GET", "/", &[("Cookie", &format!("{kept}0"))]).status, 401);
    assert_eq!(
        served.ask("GET", &format!("//evil.example/?token={}", served.token), &[]).header("location"),
        "/evil.example/"
    );
    assert_eq!(served.ask("GET", "/?token=guessed", &[("Cookie", kept)]).status, 401);
    // Another server on another port has another cookie.
    let other = site.serve(&[]);
    assert_eq!(other.ask("GET", "/", &[("Cookie", kept)]).status, 401);
}

#[test]
fn every_answer_forbids_what_it_need_not_do() {
    let site = Site::of(&["a.wav"]);
    let served = site.serve(&[]);
    let answers = [
        served.get("/"),
        served.get("/calls/a.wav"),
        served.get("/calls.csv"),
        served.get("/audio/a.wav.wav"),
        served.get("/waveform/a.wav"),
        served.get("/nothing"),
        served.get("/?from=never"),
        served.ask("GET", "/health", &[]),
        served.ask("GET", "/", &[]),
        served.ask("GET", &format!("/?token={}", served.token), &[]),
        served.ask("POST", "/", &[]),
    ];
    for answer in &answers {
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{part}: {answer:?}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        let headers = [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "private, no-store"),
        ];
        for (name, value) in headers {
            assert_eq!(answer.header(name), value, "{name}: {answer:?}");
        }
        assert!(!answer.header("content-type").is_empty(), "{answer:?}");
    }
    let kinds: Vec<_> = answers[..5].iter().map(|answer| (answer.status, answer.header("content-type"))).collect();
    let html = (200, "text/html; charset=utf-8");
    assert_eq!(kinds, [html, html, (200, "text/csv; charset=utf-8"), (200, "audio/wav"), (200, "image/svg+xml")]);
    assert_eq!((answers[5].status, answers[6].status), (404, 400));
    assert!(answers[6].text().contains("from: &quot;never&quot; is no day"), "{}", answers[6].text());
}

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
fn what_is_heard_is_the_recording_whole_or_in_part() {
    let site = Site::new();
    let served = site.serve(&[]);
    // As the recordings are 16-bit PCM already, header and samples are theirs.
    for (id, file) in [("plain", "in/a/plain.wav"), ("masked", "in/13800138000.wav"), (STRANGE_ID, "in/strange.wav")] {
        let answer = served.get(&format!("/audio/{}.wav", encoded(id)));
        assert_eq!((answer.status, answer.header("accept-ranges")), (200, "bytes"), "{id}");
        assert!(answer.body == site.bytes(file), "{id}");
    }
    let whole = site.bytes("in/a/plain.wav");
    let (length, last) = (whole.len(), whole.len() - 1);
    let target = "/audio/plain.wav";
    let asked = |range: &str, more: &[(&str, &str)]| served.get_with(target, &[&[("Range", range)], more].concat());
    let parts: [(&str, std::ops::Range<usize>); 7] = [
        ("bytes=0-0", 0..1),
        (&format!("bytes={last}-{last}"), last..length),
        (&format!("bytes={last}-99999999"), last..length),
        ("bytes=100-299", 100..300),
        ("bytes=200000-", 200_000..length),
        ("bytes=-100", length - 100..length),
        ("bytes=-99999999", 0..length),
    ];
    for (range, expected) in parts {
        let answer = asked(range, &[]);
        let said = format!("bytes {}-{}/{length}", expected.start, expected.end - 1);
        assert_eq!((answer.status, answer.header("content-range")), (206, said.as_str()), "{range}");
        assert_eq!(answer.header("content-length"), expected.len().to_string(), "{range}");
        assert!(answer.body == whole[expected], "{range}");
    }
    for range in ["bytes=0-1,5-6", "bytes=5-4", "bytes=", "bytes=x-y", "seconds=1-2", "0-5"] {
        let answer = asked(range, &[]);
        assert_eq!((answer.status, answer.body.len(), answer.header("content-range")), (200, length, ""), "{range}");
    }
    for range in [&format!("bytes={length}-"), "bytes=99999999999999999999-", "bytes=-0"] {
        let answer = asked(range, &[]);
        assert_eq!(
            (answer.status, answer.header("content-range")),
            (416, format!("bytes */{length}").as_str()),
            "{range}"
        );
    }
    let etag = served.get(target).header("etag").to_owned();
    assert!(etag.starts_with('"') && etag.len() > 20, "{etag}");
    assert_eq!(asked("bytes=0-0", &[("If-Range", &etag)]).status, 206);
    for other in ["\"other\"", &format!("W/{etag}"), "Mon, 30 Nov 2026 00:00:00 GMT"] {
        assert_eq!(asked("bytes=0-0", &[("If-Range", other)]).status, 200, "{other}");
    }
    let bearer = format!("Bearer {}", served.token);
    let head = served.ask("HEAD", target, &[("Authorization", &bearer), ("Range", "bytes=0-0")]);
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, length.to_string().as_str(), 0));
}

#[test]
fn the_picture_of_the_sound_is_small_and_shows_both_sides() {
    let site = Site::new();
    let served = site.serve(&[]);
    let svg = served.get("/waveform/plain").text();
    assert!(svg.starts_with("<svg ") && svg.matches("<path").count() == 2, "{svg}");
    assert!(svg.len() < 200_000 && svg.matches("h1V").count() <= 2_400, "{}", svg.len());
    let page = served.get("/calls/plain").page();
    assert!(page.contains("src=\"/audio/plain.wav\"") && page.contains("id=\"player\""), "{page}");
    assert!(!served.get("/calls/words").text().contains("<audio"));
}

#[test]
fn fifty_readers_at_once_all_get_the_right_bytes() {
    let site = Site::new();
    let served = site.serve(&[]);
    let (plain, strange) = (site.bytes("in/a/plain.wav"), site.bytes("in/strange.wav"));
    let strange_path = format!("/audio/{}.wav", encoded(STRANGE_ID));
    std::thread::scope(|scope| {
        for reader in 0..50_usize {
            let (served, strange_path, plain, strange) = (&served, &strange_path, &plain, &strange);
            scope.spawn(move || {
                let (target, bytes) =
                    if reader % 2 == 0 { ("/audio/plain.wav", plain) } else { (strange_path.as_str(), strange) };
                let (first, last) = (reader * 1_000, bytes.len() - 1 - reader * 7);
                let answer = served.get_with(target, &[("Range", &format!("bytes={first}-{last}"))]);
                assert_eq!(answer.status, 206, "{reader}");
                assert!(answer.body == bytes[first..=last], "{reader}");
            });
        }
    });
}

#[test]
fn no_name_and_no_link_leads_out_and_a_changed_recording_is_refused() {
    let site = Site::new();
    let served = site.serve(&[]);
    let refused = |target: &str| {
        let answer = served.get(target);
        (answer.status, answer.text())
    };
    let outside = site.path().join("outside.wav");
    let absolute = encoded(outside.to_str().expect("UTF-8"));
    let targets = [
        "/audio/..%2f..%2fetc%2fpasswd",
        "/audio/..%2f..%2fetc%2fpasswd.wav",
        "/audio/../outside.wav",
        "/audio/..%2foutside.wav",
        "/audio/%2e%2e/outside.wav",
        "/audio/plain/../../outside.wav",
        &format!("/audio/{absolute}"),
        "/calls/..%2f..%2fetc%2fpasswd",
        "/../outside.wav",
        "/audio/a%2fplain.wav",
        "/audio/a/plain.wav",
        "/audio/%00.wav",
        "/waveform/..%2foutside.wav",
    ];
    for target in targets {
        assert_eq!(refused(target).0, 404, "{target}");
    }
    let (status, text) = refused("/audio/outside.wav");
    assert!(status == 403 && text.contains("leads out of the folder"), "{status} {text}");
    let (status, text) = refused("/audio/words.wav");
    assert!(status == 404 && text.contains("no recording"), "{status} {text}");
    let mut bytes = site.bytes("in/a/plain.wav");
    bytes[5_000] ^= 1;
    site.put("in/a/plain.wav", bytes);
    let (status, text) = refused("/audio/plain.wav");
    assert!(status == 409 && text.contains("is not the recording that was inspected"), "{status} {text}");
    assert_eq!(refused("/waveform/plain").0, 409);
    std::fs::remove_file(site.path().join("in/strange.wav")).expect("removed");
    let (status, text) = refused(&format!("/audio/{}.wav", encoded(STRANGE_ID)));
    assert!(status == 404 && text.contains("is not below the folder"), "{status} {text}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, site.path().join("in/strange.wav")).expect("linked");
        let (status, text) = refused(&format!("/audio/{}.wav", encoded(STRANGE_ID)));
        assert!(status == 403 && text.contains("leads out of the folder"), "{status} {text}");
    }
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

#[test]
fn mistakes_are_told_before_anything_is_served() {
    let site = Site::of(&["a.wav"]);
    site.put("short", "tooshort");
    let cases: [(&[&str], i32, &str); 7] = [
        (&["out", "--listen", "0.0.0.0:0"], 2, "--allow-remote"),
        (&["out", "--listen", "[::]:0"], 2, "--allow-remote"),
        (&["nowhere"], 2, "no dataset"),
        (&["out", "--recordings", "nowhere"], 2, "--recordings nowhere"),
        (&["out", "--token-file", "short"], 2, "holds no token"),
        (&["out", "--user-header", "a b"], 2, "--user-header"),
        (&["out", "--access-log", "nowhere/log"], 2, "--access-log nowhere/log"),
    ];
    for (args, code, reason) in cases {
        let output = callsift(site.path(), &[&["serve"], args].concat());
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}{}", stdout(&output), stderr(&output));
        assert!(stderr(&output).contains(reason) && stdout(&output).is_empty(), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_token_of_ones_own_is_not_printed() {
    let site = Site::of(&["a.wav"]);
    site.put("token", "0123456789abcdefghij\n");
    let mut served = site.serve(&["--token-file", "token"]);
    assert!(served.token.is_empty());
    assert_eq!(served.get("/").status, 401);
    served.token = "0123456789abcdefghij".to_owned();
    let answer: Answer = served.get("/");
    assert_eq!(answer.status, 200);
}
