//! A dataset that is served, and a plain client that says exactly what it is told to.

use super::common::{call_wav, callsift, stderr, stdout, transcript, write};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A call id with markup, a formula and signs that addresses give a meaning.
pub(crate) const STRANGE_ID: &str = "=cmd|'/C calc'!A0\"><script>alert(1)</script>&x=%2F..?#";
/// An agent of the same kind.
pub(crate) const STRANGE_AGENT: &str = "@SUM(1)<img src=x onerror=alert(2)>";
/// What the finding of that call quotes.
pub(crate) const STRANGE_QUOTE: &str = "=1+上门<svg/onload=alert(3)>x";

const RULE: &str = r#"
id = "mine.door"
title = "上门"
status = "active"
severity = "critical"
category = "恐吓"
owner = "合规部"
revision = 1
languages = ["zh"]
what = "以上门相威胁。"
why = "公约第16条。"
misses = "别的说法。"
sources = [{ cite = "自律公约 第16条", confidence = "read" }]
[look_for.door]
speaker = "agent"
patterns = ['.{0,3}上门.{0,40}']
[report]
when = "door"
message = "{door.quote}"
advice = "只告知还款渠道。"
[[example]]
name = "上门"
report = true
call = """
00:05  agent  今天不还就上门抓你。
"""
[[example]]
name = "不提"
report = false
call = """
00:05  agent  请放心。
"""
"#;

const PACK: &str =
    "id = \"mine\"\ntitle = \"门\"\ndescription = \"门\"\nlanguage = \"zh\"\nowner = \"合规部\"\ncounsel = \"无\"\n";

/// A folder with recordings in `in`, inspected into `out`.
pub(crate) struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    /// The calls: one that is plain, one with a threat and strange names, one whose recording's name has a telephone number, one whose
    /// recording is outside, and one without a recording.
    pub(crate) fn new() -> Self {
        let words = |said: &str| transcript(&[(0, 500, 5000, said), (1, 5500, 10500, "你好,请说。")]).into_bytes();
        Self::with(&[
            ("in/a/plain.wav", call_wav(16.0)),
            ("in/strange.wav", call_wav(16.5)),
            ("in/13800138000.wav", call_wav(17.0)),
            ("outside.wav", call_wav(17.5)),
            ("in/plain.json", words("您好,这里是云杉银行。")),
            ("in/strange.json", words(STRANGE_QUOTE)),
            ("in/manifest.csv", manifest()),
        ])
    }

    /// Recordings of these names, and nothing else.
    pub(crate) fn of(ids: &[&str]) -> Self {
        let names: Vec<String> = ids.iter().map(|id| format!("in/{id}")).collect();
        let wav = |at: usize| call_wav(16.0 + at as f64 / 10.0);
        Self::with(&names.iter().enumerate().map(|(at, name)| (name.as_str(), wav(at))).collect::<Vec<_>>())
    }

    /// So many calls without recordings.
    pub(crate) fn of_words(count: usize) -> Self {
        let names: Vec<String> = (0..count).map(|at| format!("in/{at:03}.transcript.json")).collect();
        let words = || transcript(&[(0, 500, 5000, "您好。")]).into_bytes();
        Self::with(&names.iter().map(|name| (name.as_str(), words())).collect::<Vec<_>>())
    }

    fn with(files: &[(&str, Vec<u8>)]) -> Self {
        let site = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        site.put("rules/mine/pack.toml", PACK);
        site.put("rules/mine/door.toml", RULE);
        files.iter().for_each(|(name, bytes)| site.put(name, bytes));
        site.inspect();
        site
    }

    pub(crate) fn inspect(&self) {
        let args = ["inspect", "in", "--out", "out", "--no-shipped-rules", "--rules", "rules"];
        let output = callsift(self.path(), &args);
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        write(&self.path().join(name), bytes);
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).expect("readable")
    }

    /// Serves `out`, in English, with the recordings of `in`.
    pub(crate) fn serve(&self, more: &[&str]) -> Served {
        let temporary = self.path().join("tmp");
        fs::create_dir_all(&temporary).expect("made");
        let args =
            ["serve", "out", "--recordings", "in", "--port", "0", "--language", "en", "--access-log", "access.jsonl"];
        let mut child = Command::new(env!("CARGO_BIN_EXE_callsift"))
            .args(args)
            .args(more)
            .current_dir(self.path())
            .env("TMPDIR", &temporary)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("a line");
        let url =
            line.split_whitespace().find(|word| word.starts_with("http://")).unwrap_or_else(|| panic!("{line:?}"));
        let rest = url.trim_start_matches("http://");
        let (address, after) = rest.split_once('/').expect("a path");
        let token = after.strip_prefix("?token=").unwrap_or_default().to_owned();
        Served { child, address: address.parse().expect("an address"), token, temporary }
    }

    /// The lines of the access log.
    pub(crate) fn log(&self) -> Vec<serde_json::Value> {
        let text = fs::read_to_string(self.path().join("access.jsonl")).expect("a log");
        text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
    }
}

fn manifest() -> Vec<u8> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let rows = [
        ["call_id", "recording", "transcript", "agent_id", "team", "started_at"],
        ["plain", "a/plain.wav", "plain.json", "wang", "North", "2026-11-20T09:30:00+08:00"],
        [STRANGE_ID, "strange.wav", "strange.json", STRANGE_AGENT, "South", "2026-11-21T09:30:00+08:00"],
        ["masked", "13800138000.wav", "", "li", "South", "2026-11-21T10:30:00+08:00"],
        ["outside", "../outside.wav", "", "li", "South", ""],
        ["words", "", "plain.json", "li", "South", ""],
    ];
    rows.iter().for_each(|row| csv.write_record(row).expect("written"));
    csv.into_inner().expect("bytes")
}

/// A server that runs.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
    pub(crate) temporary: PathBuf,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// A page, with the slashes that it escapes for good measure.
    pub(crate) fn page(&self) -> String {
        self.text().replace("&#x2f;", "/")
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }
}

impl Served {
    /// Sends a request as it is said, the headers that every request needs added; nothing else is.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
        let has_host = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
        let mut request = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
        if !has_host {
            request += &format!("Host: {}\r\n", self.address);
        }
        headers.iter().for_each(|(name, value)| request += &format!("{name}: {value}\r\n"));
        let mut stream = TcpStream::connect(self.address).expect("connected");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time limit");
        stream.write_all((request + "\r\n").as_bytes()).expect("sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("ASCII");
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status").parse().expect("a number");
        let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Answer { status, headers: lines.filter_map(pair).collect(), body: bytes[end + 4..].to_vec() }
    }

    /// As somebody with the token.
    pub(crate) fn get_with(&self, target: &str, headers: &[(&str, &str)]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        self.ask("GET", target, &[&[("Authorization", bearer.as_str())], headers].concat())
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        self.get_with(target, &[])
    }

    /// Asks it to end, and waits; returns its exit code.
    pub(crate) fn end(mut self) -> Option<i32> {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("asked");
        let since = Instant::now();
        while since.elapsed() < Duration::from_secs(20) {
            if let Some(status) = self.child.try_wait().expect("waited") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not end");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// As a browser writes an id into an address.
pub(crate) fn encoded(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    id.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
