//! The help, the completions and the manual: of every command, and of nothing that is hidden.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use common::{callsift, files_below, packaged, stderr, stdout};
use std::process::{Command, Stdio};

const HIDDEN: [&str; 2] = ["decode-child", "rehearse"];

#[test]
fn help_has_groups_and_examples_and_the_short_one_is_short() {
    let here = packaged("");
    let long = stdout(&callsift(&here, &["inspect", "--help"]));
    let headings = ["Input:", "Rules:", "Speech engine:", "Speed, memory and repetition:", "Output:", "Personal data:"];
    for part in headings.iter().chain(&["Examples:", "Exit codes: 0 all inspected"]) {
        assert!(long.contains(part), "{part} is not in\n{long}");
    }
    let short = stdout(&callsift(&here, &["inspect", "-h"]));
    assert!(short.len() * 4 < long.len() * 3 && short.contains("Examples:"), "{} of {} bytes", short.len(), long.len());
    for text in [long, short, stdout(&callsift(&here, &["--help"]))] {
        assert!(!HIDDEN.iter().any(|hidden| text.contains(hidden)), "{text}");
    }
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = callsift(&packaged(""), &["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}: {}", stderr(&output));
        let script = stdout(&output);
        for part in ["inspect", "transcript-cache-age", "no-shipped-rules", "completions"] {
            assert!(script.contains(part), "{shell} has no {part}");
        }
        assert!(!HIDDEN.iter().any(|hidden| script.contains(hidden)), "{shell}");
    }
    let script = callsift(&packaged(""), &["completions", "bash"]).stdout;
    let checked = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().and_then(|mut bash| {
        use std::io::Write;
        bash.stdin.take().expect("piped").write_all(&script)?;
        bash.wait()
    });
    assert!(checked.is_ok_and(|status| status.success()), "bash reads it");
}

#[test]
fn every_command_has_a_page_of_the_manual() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = callsift(folder.path(), &["man", "--out", "new/man"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let pages = files_below(&folder.path().join("new/man"));
    let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
    for name in
        ["callsift.1", "callsift-inspect.1", "callsift-rules-check.1", "callsift-engines-check.1", "callsift-man.1"]
    {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    for (name, path) in &pages {
        let page = std::fs::read_to_string(path).expect("readable");
        assert!(!HIDDEN.iter().any(|hidden| page.contains(hidden) || name.contains(hidden)), "{name}");
        assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{name}");
    }
}
