//! `callsift report`: a page of the fixtures' results at each level and in both languages.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use common::{packaged, stderr, stdout};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The results of the fixtures, made once for all tests of this file.
fn results() -> &'static Path {
    static RESULTS: OnceLock<PathBuf> = OnceLock::new();
    RESULTS.get_or_init(|| {
        let results = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report");
        let _ = std::fs::remove_dir_all(&results);
        let out = callsift(&["inspect", "fixtures/calls", "--out", path(&results), "--quiet"]);
        assert_eq!(out.status.code(), Some(0), "{}", stderr(&out));
        results
    })
}

/// A folder for a test's pages.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The page that `arguments` ask for.
    fn page(&self, arguments: &[&str]) -> String {
        let page = self.at("page.html");
        let out = callsift(&[&["report", path(results()), "--out", path(&page)], arguments].concat());
        assert_eq!(out.status.code(), Some(0), "{arguments:?}: {}", stderr(&out));
        std::fs::read_to_string(page).expect("the page is there")
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let page = self.at("refused.html");
        let out = callsift(&[&["report", path(results()), "--out", path(&page)], arguments].concat());
        assert_eq!(out.status.code(), Some(2), "{arguments:?}: {}", stdout(&out));
        assert!(!page.exists(), "nothing is written");
        stderr(&out)
    }
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn callsift(arguments: &[&str]) -> std::process::Output {
    common::callsift(&packaged("."), arguments)
}

/// The text between `from` and the next `to`.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split(from).nth(1).and_then(|rest| rest.split(to).next()).unwrap_or_default()
}

#[test]
fn a_page_for_each_level_in_both_languages() {
    let site = Site::new();
    let team = ["--level", "team", "--team", "team-a"];
    let agent = ["--level", "agent", "--agent", "agent-03"];
    // Of 27 calls 25 count: one has no sound, and one no words. Their worst findings are those of fixtures/calls/expected.toml.
    for (arguments, language, title, said) in [
        (&["--level", "executive"][..], "zh", "通话质检总览", "每万通红线"),
        (&["--level", "executive"], "en", "Call inspection: overview", "Red lines per 10,000 calls"),
        (&[], "zh", "通话质检报告", "规则健康度"),
        (&[], "en", "Call inspection: quality report", "Health of the rules"),
        (&team, "zh", "班组质检报告", "屡次违规"),
        (&team, "en", "Call inspection: team report", "Who repeats?"),
        (&agent, "zh", "我的通话质检", "改进建议"),
        (&agent, "en", "Your calls", "Two things to change"),
    ] {
        let page = site.page(&[arguments, &["--language", language]].concat());
        assert_eq!(between(&page, "<title>", "</title>"), title);
        assert!(page.contains(said), "{title} lacks {said}");
        assert!(page.contains("找人收拾你"), "{title} lacks a quote");
        assert!(page.len() < 400_000, "{title} takes {}", page.len());
    }
}

#[test]
fn a_call_is_shown_with_its_second_its_words_and_its_source() {
    let page = Site::new().page(&["--language", "en"]);
    let call = between(&page, "<span class=\"name\">insult-profanity-01</span>", "</details>");
    assert!(call.contains("data-ms=\"15"), "the second of the finding");
    let line = call.split("<li id=").find(|line| line.contains("<mark class=\"fatal\">你他妈的</mark>"));
    assert!(line.is_some(), "the words are marked in the transcript");
    let card = between(call, "<strong>说脏话：“你他妈的”</strong>", "</li>");
    assert!(card.contains("cn-collections.profanity"), "{card}");
    assert!(card.contains("复听确认后"), "the advice: {card}");
    assert!(call.contains("class=\"speech agent\" d=\"M"), "the agent's speech");
    assert!(call.contains("class=\"pitch\" d=\"M"), "pitch");
}

#[test]
fn an_agents_page_holds_nobody_else() {
    let page = Site::new().page(&["--level", "agent", "--agent", "agent-03", "--language", "en"]);
    for other in ["agent-01", "agent-02", "agent-04", "agent-05", "agent-06", "threat-of-visit-01"] {
        assert!(!page.contains(other), "{other} is on the page of agent-03");
    }
    assert!(!page.contains("愤怒分"), "a figure of anger");
}

#[test]
fn what_is_brought_fills_figures() {
    let site = Site::new();
    let outcomes = site.at("outcomes.csv");
    std::fs::write(
        &outcomes,
        "call_id,promised,paid_at,amount,complaint_at\nsilence-01,2026-11-20,2026-11-20,123.45,\n",
    )
    .expect("written");
    let without = site.page(&["--language", "en"]);
    assert!(without.contains("--outcomes outcomes.csv"), "it says what is lacking");
    let page = site.page(&["--language", "en", "--outcomes", path(&outcomes), "--known-until", "2026-11-30"]);
    let promises = between(&page, "<section id=\"promises\">", "</section>");
    assert!(promises.contains("100.0 %") && promises.contains("123.45"), "{promises}");
}

#[test]
fn what_cannot_be_is_refused_with_the_way_out() {
    let site = Site::new();
    assert!(site.refused(&["--level", "agent"]).contains("--agent"));
    assert!(site.refused(&["--date", "2025-01-01"]).contains("no calls of that kind"));
    assert!(site.refused(&["--level", "director"]).contains("executive, manager, team or agent"));
    let bad = site.at("bad.csv");
    std::fs::write(&bad, "call_id,promised,paid_at,amount,complaint_at\nsilence-01,soon,,,\n").expect("written");
    let said = site.refused(&["--outcomes", path(&bad)]);
    assert!(said.contains("bad.csv") && said.contains("soon"), "{said}");
}
