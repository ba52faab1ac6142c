//! What a child writes to standard error.

use super::protocol::TAG;
use crate::entities::mask_text;
use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The most of a line, and the most lines about one request, that are kept.
const MOST_CHARS: usize = 300;
const MOST_LINES: usize = 100;

/// How long is waited for the rest of it.
const PATIENCE: Duration = Duration::from_secs(2);

/// The lines that a child wrote, since its last answer and the last of all.
#[derive(Default)]
pub(super) struct Complaints {
    heard: Mutex<Heard>,
    news: Condvar,
}

#[derive(Default)]
struct Heard {
    lines: Vec<String>,
    last: String,
    marks: usize,
    is_over: bool,
}

impl Complaints {
    /// Reads `source` on a thread of its own, to its end.
    pub(super) fn of(source: impl Read + Send + 'static) -> Arc<Self> {
        let complaints = Arc::new(Self::default());
        let kept = Arc::clone(&complaints);
        thread::spawn(move || {
            let mut source = BufReader::new(source);
            let mut line = Vec::new();
            // A line without end is taken in parts.
            while source.by_ref().take(1 << 14).read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                kept.add(&String::from_utf8_lossy(&line));
                line.clear();
            }
            kept.change(|heard| heard.is_over = true);
        });
        complaints
    }

    fn add(&self, line: &str) {
        let line = line.trim();
        self.change(|heard| {
            if line == TAG.trim() {
                heard.marks += 1;
            } else if !line.is_empty() {
                heard.last = masked(line);
                if heard.lines.len() < MOST_LINES {
                    heard.lines.push(heard.last.clone());
                }
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Heard)) {
        change(&mut self.heard.lock().unwrap_or_else(PoisonError::into_inner));
        self.news.notify_all();
    }

    /// Takes the lines about the request that was just answered.
    pub(super) fn of_answer(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = self.news.wait_timeout_while(heard, PATIENCE, |heard| heard.marks == 0 && !heard.is_over);
        let (mut heard, _) = wait.unwrap_or_else(PoisonError::into_inner);
        heard.marks = heard.marks.saturating_sub(1);
        std::mem::take(&mut heard.lines)
    }

    /// The last line of all, of a child that has died; empty where it said nothing.
    pub(super) fn last_words(&self) -> String {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = self.news.wait_timeout_while(heard, PATIENCE, |heard| !heard.is_over);
        wait.unwrap_or_else(PoisonError::into_inner).0.last.clone()
    }
}

/// A line without digits that might be a customer's, and without the place in the library's source that it starts with.
fn masked(line: &str) -> String {
    let is_place = |place: &str| place.contains(".cc:") || place.contains(".h:");
    let told = line.split_once(' ').filter(|(place, _)| is_place(place)).map_or(line, |(_, told)| told);
    mask_text(&told.chars().filter(|c| !c.is_control()).take(MOST_CHARS).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_masked_and_cut() {
        let cases = [
            ("/a/b/session.cc:Init:437 Fallback to cpu!", "Fallback to cpu!"),
            ("call 13800138000", "call ███████████"),
            ("a\u{1b}[31mb", "a[31mb"),
        ];
        for (line, expected) in cases {
            assert_eq!(masked(line), expected);
        }
        assert_eq!(masked(&"x".repeat(9_999)).len(), MOST_CHARS);
    }

    #[test]
    fn lines_are_taken_with_their_answer() {
        let complaints = Complaints::of(std::io::Cursor::new(format!("one\n\ntwo\n{TAG}\nlast")));
        assert_eq!(complaints.last_words(), "last");
        // All of it has come by now.
        assert_eq!(complaints.of_answer(), ["one", "two", "last"]);
        assert_eq!(complaints.of_answer(), Vec::<String>::new());
    }
}
