//! Whole runs over recordings whose server fails each of them in another way.

use crate::common::{Row, files_below, packaged, rows, stderr, stdout, voice, wav, write};
use crate::server::{Request, Server, Step, answer};
use crate::tls::Authority;
use crate::{GOOD, KEY, good};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Far more than any of these runs takes, and less than a server here would keep one waiting.
const BOUND: Duration = Duration::from_secs(90);

/// Samples by which each recording is longer than the one before, so that the server can tell them apart.
const STEP: usize = 400;

struct Site(TempDir);

impl Site {
    /// A folder with `count` recordings of 1.5 s and more, and the server's key.
    fn new(count: usize) -> Self {
        let site = Self(tempfile::tempdir().expect("a folder"));
        let all = voice(1.5 + (count * STEP) as f64 / 8_000.0, 150.0, &[(0.2, 1.3)]);
        for number in 0..count {
            let sound = all[..12_000 + number * STEP].to_vec();
            write(&site.0.path().join(format!("in/c{number}.wav")), wav(8_000, &[sound]));
        }
        write(&site.0.path().join("key"), KEY);
        let alone = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(site.0.path().join("key"), alone).expect("permissions");
        site
    }

    /// Inspects with the engine at `url`, which `more` says more of; asserts that nothing that was printed or written shows the key.
    fn inspect(&self, url: &str, more: &str) -> Output {
        let config = format!(
            "engine = \"http\"\nattempts = 2\ntimeout = \"2 s\"\nslots = 4\n[http]\nurl = \"{url}\"\nkey_file = \"key\"\nbackoff = \"1 ms\"\n\
             breaker_failures = 1000\n{more}"
        );
        write(&self.0.path().join("engine.toml"), config);
        let begun = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_callsift"))
            .args(["inspect", "in", "--out", "out", "--engine-config", "engine.toml", "--transcript-cache", "cache"])
            .args(["--threads", "1", "--no-shipped-rules", "--rules"])
            // One that is loaded soon.
            .arg(packaged("rules/emotion"))
            .current_dir(self.0.path())
            .envs([("NO_COLOR", "1"), ("LC_ALL", "C")])
            .output()
            .expect("the binary runs");
        assert!(begun.elapsed() < BOUND, "{:?}", begun.elapsed());
        assert!(!stdout(&output).contains(KEY) && !stderr(&output).contains(KEY), "{}", stderr(&output));
        for (name, path) in ["out", "cache"].iter().flat_map(|folder| files_below(&self.0.path().join(folder))) {
            let bytes = std::fs::read(path).expect("a file");
            assert!(!bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes()), "{name}");
        }
        output
    }

    /// The rows of the calls, by id.
    fn calls(&self) -> Vec<Row> {
        let mut calls = rows(&self.0.path().join("out"), "calls");
        calls.sort_by_key(|call| call["call_id"].clone());
        calls
    }
}

/// Which of the site's recordings is asked about.
fn number(request: &Request) -> usize {
    let end = b"audio/wav\r\n\r\n";
    let head = request.body.windows(end.len()).position(|window| window == end).expect("a file") + end.len();
    // What follows the file is shorter than a step.
    (request.body.len() - head - 44) / 2 / STEP - 12_000 / STEP
}

/// What is said of each call: its error's code and whether another run may help.
fn errors(calls: &[Row]) -> Vec<(&str, &str)> {
    calls.iter().map(|call| (call["error_code"].as_str(), call["error_retryable"].as_str())).collect()
}

#[test]
fn whatever_the_server_does_no_recording_is_lost() {
    let cut = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", GOOD.len(), &GOOD[..60]);
    let faults: Vec<(Vec<Step>, &str)> = vec![
        (good(), ""),
        (vec![Step::Wait(BOUND * 2)], "engine_timeout"),
        (answer(429, "Retry-After: 1\r\n", b""), "engine_busy"),
        (answer(500, "", b"{\"error\":{\"message\":\"secret words\"}}"), "engine_failed"),
        (answer(200, "", b"{\"text\": \"secret words"), "engine_bad_answer"),
        (vec![Step::Send(cut.into_bytes()), Step::HangUp], "engine_bad_answer"),
        (vec![Step::HangUp], "engine_unreachable"),
        (answer(401, "", b""), "engine_refused"),
        (good(), ""),
    ];
    let expected: Vec<&str> = faults.iter().map(|(_, code)| *code).collect();
    let site = Site::new(faults.len());
    let is_well = Arc::new(AtomicBool::new(false));
    let server = Server::start({
        let is_well = Arc::clone(&is_well);
        move |_, request| if is_well.load(Ordering::SeqCst) { good() } else { faults[number(request)].0.clone() }
    });

    let first = site.inspect(&server.url(), "");
    assert!(first.status.code().is_some_and(|code| code <= 1), "{}", stderr(&first));
    let calls = site.calls();
    let told: Vec<(&str, &str)> =
        expected.iter().map(|&code| (code, if code.is_empty() { "" } else { "true" })).collect();
    assert_eq!(errors(&calls), told);
    for call in &calls {
        let is_good = call["error_code"].is_empty();
        assert_eq!(call["error_stage"], if is_good { "" } else { "transcript" });
        assert_eq!(call["has_transcript"], is_good.to_string());
        assert!(!call["error"].contains("secret words"), "{call:?}");
        assert!(is_good || call["error"].contains(&server.address.to_string()), "{call:?}");
    }
    assert!(server.requests().iter().all(|request| request.header("authorization").is_some()));

    let asked = server.requests().len();
    is_well.store(true, Ordering::SeqCst);
    let second = site.inspect(&server.url(), "");
    assert_eq!(second.status.code(), Some(0), "{}", stderr(&second));
    let calls = site.calls();
    assert!(calls.iter().all(|call| call["error_code"].is_empty() && call["has_transcript"] == "true"), "{calls:?}");
    assert_eq!(calls.len(), expected.len());
    // Those that failed, once each; the others are known.
    let failed = expected.iter().filter(|code| !code.is_empty()).count();
    assert_eq!(server.requests().len() - asked, failed);
}

#[test]
fn a_server_that_cannot_be_trusted_gets_nothing_until_it_can() {
    let site = Site::new(2);
    let authority = Authority::new();
    let server = authority.server("localhost", 2100, |_, _| good());
    let url = format!("https://localhost:{}/v1/audio/transcriptions", server.address.port());
    site.inspect(&url, "");
    assert_eq!(errors(&site.calls()), [("engine_tls", "true"); 2]);
    assert_eq!(server.requests().len(), 0);
    write(&site.0.path().join("ca.pem"), &authority.pem);
    assert_eq!(site.inspect(&url, "ca_file = \"ca.pem\"\n").status.code(), Some(0));
    assert_eq!(errors(&site.calls()), [("", ""); 2]);
}

#[test]
fn a_server_that_is_down_fails_the_rest_without_delay() {
    let site = Site::new(12);
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let url = format!("http://{port}/v1/audio/transcriptions");
    let more = "give_up_after = \"500 ms\"\ncool_down = \"1 min\"\n";
    site.inspect(&url, more);
    let calls = site.calls();
    let retryable = |call: &Row| call["error_retryable"] == "true" && call["error_stage"] == "transcript";
    assert!(calls.len() == 12 && calls.iter().all(retryable), "{calls:?}");
}

/// One thread decodes, and yet four requests are under way at a time: the thread does not wait for the network.
#[test]
fn decoding_does_not_wait_for_the_network() {
    let site = Site::new(8);
    let together = Barrier::new(4);
    let server = Server::start(move |_, _| {
        together.wait();
        good()
    });
    let output = site.inspect(&server.url(), "");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(server.requests().len(), 8);
}
