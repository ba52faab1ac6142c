//! Says which rules report which dialogues, to measure rules.
//!
//! `cargo run --release --example dialogues -- RULES.. -- FILE..` judges each dialogue of the files by the folders of rules (without any, the
//! shipped ones) and prints a JSON object for it: name, focus, whole, what should report, and rule and quote of what does.
//! `-- RULES.. --lines ROLE LANGUAGE` judges each line of standard input as a call in which ROLE says that and nothing else.

#![expect(clippy::disallowed_methods, reason = "reads dialogues")]

use callsift::finding::Judgement;
use callsift::inspect::example::facts;
use callsift::packs::{PackOptions, load};
use callsift::rules::file::{Dialogue, Dialogues, read_dialogues};
use callsift::rules::model::{Example, ExampleLine, Expected};
use callsift::rules::{InForce, Ruleset};
use callsift::units::Role;
use callsift::written::render::{Style, render};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{BufRead, Write};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let folders = args.iter().take_while(|arg| !arg.starts_with("--")).count();
    let ruleset = ruleset(&args[..folders])?;
    match args[folders..].split_first().ok_or("name files of dialogues behind --")? {
        (mode, [role, language]) if mode == "--lines" => lines(&ruleset, role, language),
        (_, files) => files.iter().try_for_each(|file| dialogues(&ruleset, file)),
    }
}

fn ruleset(folders: &[String]) -> Result<Ruleset, Failure> {
    let options = PackOptions { folders: folders.iter().map(Into::into).collect(), shipped: folders.is_empty() };
    let packs = load(&options).map_err(|mistakes| render(&mistakes, Style::Plain))?;
    Ok(packs.plan(None)?.sets.swap_remove(0).ruleset().clone())
}

fn dialogues(ruleset: &Ruleset, file: &str) -> Result<(), Failure> {
    let read = read_dialogues(file, &std::fs::read_to_string(file)?, "zh");
    let read = read.map_err(|mistakes| render(&mistakes, Style::Plain))?;
    let mut out = std::io::stdout().lock();
    for dialogue in &read.dialogues {
        let judgement = ruleset.judge(&facts(&dialogue.call, Some("zh")), InForce::Ignore);
        let said = json!({
            "name": dialogue.call.name, "focus": dialogue.focus, "whole": dialogue.whole, "expected": dialogue.reports,
            "assessed": assessed(&read, dialogue), "got": reported(&judgement),
            "not_evaluated": judgement.not_evaluated.iter().map(|aside| &aside.rule).collect::<Vec<_>>(),
        });
        writeln!(out, "{said}")?;
    }
    Ok(())
}

/// The rules for which a dialogue is labelled.
fn assessed<'d>(read: &'d Dialogues, dialogue: &Dialogue) -> Vec<&'d String> {
    read.assessed.iter().filter(|rule| dialogue.whole || !read.whole_only.contains(*rule)).collect()
}

fn lines(ruleset: &Ruleset, role: &str, language: &str) -> Result<(), Failure> {
    let role = Role::from_name(role).ok_or("that is no role")?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (at, line) in std::io::stdin().lock().lines().enumerate() {
        let said = ExampleLine { text: line?, ..ExampleLine::new(0, None, role) };
        let judgement = ruleset.judge(&facts(&one_line(said), Some(language)), InForce::Ignore);
        if !judgement.findings.is_empty() {
            writeln!(out, "{}", json!({ "line": at + 1, "got": reported(&judgement) }))?;
        }
    }
    Ok(out.flush()?)
}

fn one_line(line: ExampleLine) -> Example {
    Example {
        name: String::new(),
        expected: Expected::Silent,
        quote: None,
        lines: vec![line],
        channel_count: 2,
        recording: true,
        transcript: true,
        started_at: None,
        columns: BTreeMap::new(),
        earlier: Vec::new(),
        line: 0,
    }
}

fn reported(judgement: &Judgement) -> Vec<[&str; 2]> {
    judgement.findings.iter().map(|finding| [finding.rule.as_str(), finding.quote.as_str()]).collect()
}
