//! Who looked at what, and listened to what: a JSON line for each answer.

use serde::Serialize;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::PathBuf;

/// Where the lines go.
#[derive(Clone, Debug)]
pub(super) enum AccessLog {
    /// To standard error.
    Stderr,
    /// To a file, which is opened for each line, so that it may be moved away meanwhile.
    File(PathBuf),
}

/// A line.
#[derive(Debug, Serialize)]
pub(super) struct Access {
    /// When the answer began, UTC.
    pub(super) time: String,
    /// Who asked: as the proxy says, or `local`; null where nobody was let in.
    pub(super) user: Option<String>,
    /// From where: address and port.
    pub(super) remote: String,
    /// `GET` or `HEAD`, or another that was refused.
    pub(super) method: String,
    /// What was asked for.
    pub(super) kind: &'static str,
    /// Of which call.
    pub(super) call_id: Option<String>,
    /// Of the list: which calls, as the address says.
    pub(super) filter: Option<String>,
    /// Of the list: how many calls.
    pub(super) calls: Option<usize>,
    /// Of the sound: first byte, and first byte not sent.
    pub(super) bytes: Option<Range<u64>>,
    /// Of the sound: where that is in the recording, ms.
    pub(super) ms: Option<Range<u64>>,
    /// The status of the answer.
    pub(super) status: u16,
}

impl AccessLog {
    /// Writes a line.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn write(&self, access: &Access) -> io::Result<()> {
        // Text and numbers are always JSON, and JSON escapes what could forge another line.
        let mut line = serde_json::to_vec(access)?;
        line.push(b'\n');
        match self {
            Self::Stderr => io::stderr().lock().write_all(&line),
            Self::File(path) => open(path)?.write_all(&line),
        }
    }
}

/// A file that others than its owner cannot read, if it is new.
fn open(path: &PathBuf) -> io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl AccessLog {
    /// Tries whether it can be written.
    ///
    /// # Errors
    /// It cannot.
    pub(super) fn check(&self) -> io::Result<()> {
        match self {
            Self::Stderr => Ok(()),
            Self::File(path) => open(path).map(|_| ()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_whatever_is_in_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("access.jsonl");
        let log = AccessLog::File(path.clone());
        log.check().expect("can be written");
        for user in ["wang\n{\"user\":\"li\"}", "<script>\u{1b}[2J\u{2028}"] {
            let access = Access {
                time: "2026-11-20T01:02:03.004Z".into(),
                user: Some(user.into()),
                remote: "127.0.0.1:5".into(),
                method: "GET".into(),
                kind: "audio",
                call_id: Some("a\r\nb\0".into()),
                filter: None,
                calls: None,
                bytes: Some(44..100),
                ms: Some(0..3),
                status: 206,
            };
            log.write(&access).expect("written");
        }
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(!text.contains(['\0', '\r', '\u{1b}']), "{text}");
        let line: serde_json::Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
        assert_eq!(line["user"], "wang\n{\"user\":\"li\"}");
        assert_eq!((&line["bytes"]["start"], &line["ms"]["end"]), (&44.into(), &3.into()));
    }
}
