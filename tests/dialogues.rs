//! The shipped rules on labelled dialogues: what they find of what a person finds, and what they find besides.

#![expect(clippy::disallowed_methods, reason = "reads dialogues")]

use callsift::facts::{AgentVoice, Facts, Observed, build};
use callsift::finding::Judgement;
use callsift::inspect::example::facts;
use callsift::packs::{PackOptions, load};
use callsift::recording::Recording;
use callsift::rules::file::{Dialogue, Dialogues, read_dialogues};
use callsift::rules::{InForce, Ruleset};
use callsift::transcript::{Speaker, Transcript, Utterance};
use callsift::units::Role;
use callsift::written::render::{Style, render};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

const TURNS: &str = "customer-turns.toml";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/dialogues")
}

/// Every file, by name.
fn files() -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder()).expect("a folder of dialogues").map(|entry| entry.expect("an entry"));
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let read = |name: String| (name.clone(), fs::read_to_string(folder().join(name)).expect("a file"));
    names.filter(|name| name.ends_with(".toml")).map(read).collect()
}

fn dialogues(name: &str, text: &str) -> Dialogues {
    read_dialogues(name, text, "zh").unwrap_or_else(|mistakes| panic!("{}", render(&mistakes, Style::Plain)))
}

/// How often a rule was right, silent where it should report, and not silent where it should be.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    found: u32,
    missed: u32,
    besides: u32,
}

impl Counts {
    fn add(&mut self, read: &Dialogues, dialogue: &Dialogue, got: &BTreeSet<String>) {
        let is_held = |rule: &&String| dialogue.whole || !read.whole_only.contains(*rule);
        for rule in read.assessed.iter().filter(is_held) {
            match (dialogue.reports.contains(rule), got.contains(rule)) {
                (true, true) => self.found += 1,
                (true, false) => self.missed += 1,
                (false, true) => self.besides += 1,
                (false, false) => {}
            }
        }
    }

    fn precision(self) -> f64 {
        f64::from(self.found) / f64::from(self.found + self.besides)
    }

    fn recall(self) -> f64 {
        f64::from(self.found) / f64::from(self.found + self.missed)
    }
}

fn judged(ruleset: &Ruleset, dialogue: &Dialogue) -> BTreeSet<String> {
    let judgement = ruleset.judge(&facts(&dialogue.call, Some("zh")), InForce::Ignore);
    judgement.findings.into_iter().map(|finding| finding.rule).collect()
}

#[test]
fn dialogues_are_as_they_were_frozen() {
    let frozen = fs::read_to_string(folder().join("frozen.txt")).expect("frozen.txt");
    let hash = |text: String| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let now = files().into_iter().map(|(name, text)| format!("{}  {name}\n", hash(text)));
    assert_eq!(now.collect::<String>(), frozen, "a label that is wrong is told in README.md, and stays");
}

#[test]
fn there_are_enough_and_half_of_them_are_hard_negatives() {
    let (mut all, mut negative) = (0, 0);
    let later = ["second-", "third-threats-and-false", "third-money", "fourth-"];
    let is_first = |name: &str| name != TURNS && !later.iter().any(|set| name.starts_with(set));
    for (name, text) in files().iter().filter(|(name, _)| is_first(name)) {
        for dialogue in dialogues(name, text).dialogues {
            assert!((6..=20).contains(&dialogue.call.lines.len()), "{}", dialogue.call.name);
            all += 1;
            negative += u32::from(!dialogue.reports.contains(&dialogue.focus));
        }
    }
    assert!(all >= 200 && negative * 2 >= all, "{negative} of {all}");
    let turns = dialogues(TURNS, &files()[TURNS]);
    for tag in &turns.assessed {
        let of_tag = turns.dialogues.iter().filter(|turn| turn.focus == *tag);
        let (with, without): (Vec<_>, Vec<_>) = of_tag.partition(|turn| turn.reports.contains(tag));
        assert!(with.len() >= 40 && without.len() >= 40, "{tag}: {} and {}", with.len(), without.len());
    }
}

/// The floors are a little under what the rules reach; CHANGELOG and docs have the figures.
#[test]
fn the_shipped_rules_find_what_people_find() {
    let packs = load(&PackOptions::default()).expect("the shipped packs load");
    let ruleset = packs.plan(None).expect("they make a plan").sets.swap_remove(0).ruleset().clone();
    let (mut calls, mut turns) = (Counts::default(), Counts::default());
    for (name, text) in &files() {
        let read = dialogues(name, text);
        for dialogue in &read.dialogues {
            let got = judged(&ruleset, dialogue);
            let counts = if name == TURNS { &mut turns } else { &mut calls };
            counts.add(&read, dialogue, &got);
        }
    }
    for (what, counts, precision, recall) in [("dialogues", calls, 0.88, 0.9), ("turns", turns, 0.95, 0.92)] {
        println!("{what}: precision {:.3}, recall {:.3}, {counts:?}", counts.precision(), counts.recall());
        assert!(counts.precision() >= precision && counts.recall() >= recall, "{what}: {counts:?}");
    }
}

/// Where few rules are asked, most of what is said is not even looked at: they say the same as among all.
#[test]
fn a_rule_alone_says_what_it_says_among_all() {
    let packs = load(&PackOptions::default()).expect("the shipped packs load");
    let plan = packs.plan(None).expect("they make a plan");
    let whole = plan.sets[0].ruleset();
    let read: Vec<Dialogues> = files().iter().map(|(name, text)| dialogues(name, text)).collect();
    let calls = read.iter().flat_map(|read| &read.dialogues).map(|dialogue| facts(&dialogue.call, Some("zh")));
    let calls: Vec<(Facts, Judgement)> =
        calls.map(|call| (call.clone(), whole.judge(&call, InForce::Ignore))).collect();
    let mut found = 0;
    for (at, rule) in whole.rules().enumerate() {
        let part = packs.part_of(&plan, |id| id == rule.id).expect("it compiles alone");
        let reports = |judgement: &Judgement| judgement.findings.iter().any(|finding| finding.rule == rule.id);
        // All calls that it reports on, and some of the others, other ones for each rule.
        let some = calls.iter().enumerate().filter(|(call, (_, among_all))| call % 16 == at % 16 || reports(among_all));
        for (_, (call, among_all)) in some {
            let alone = part.sets[0].ruleset().judge(call, InForce::Ignore);
            let among_all: Vec<_> = among_all.findings.iter().filter(|finding| finding.rule == rule.id).collect();
            assert_eq!(alone.findings.iter().collect::<Vec<_>>(), among_all, "{} on {}", rule.id, call.call.call_id);
            found += among_all.len();
        }
    }
    assert!(found > 1_000, "{found} findings");
}

/// The facts of what was said in `spoken` by voices that are numbered in the order in which they speak.
fn by_voices(spoken: &Facts) -> Facts {
    let mut roles: Vec<Role> = Vec::new();
    let mut number = |role: Role| {
        let known = roles.iter().position(|one| *one == role);
        known.unwrap_or_else(|| {
            roles.push(role);
            roles.len() - 1
        }) as u16
    };
    let said =
        spoken.turns.iter().map(|turn| Utterance::new(Speaker::Voice(number(turn.role)), turn.span, &*turn.text));
    let transcript = Transcript { utterances: said.collect(), ..Transcript::default() };
    let recording = Recording::named("mono");
    build(&Observed {
        transcript: Some(&transcript),
        agent_voice: AgentVoice::Words,
        ..Observed::nothing_of(&recording)
    })
}

#[test]
fn words_tell_the_agent_s_voice_or_nothing() {
    let (mut right, mut wrong, mut open) = (0, Vec::new(), 0);
    for (name, text) in files().iter().filter(|(name, _)| *name != TURNS) {
        for dialogue in dialogues(name, text).dialogues.iter().filter(|dialogue| dialogue.whole) {
            let spoken = facts(&dialogue.call, None);
            let heard = |role: Role| spoken.turns.iter().any(|turn| turn.role == role);
            if !heard(Role::Agent) || !heard(Role::Customer) {
                continue;
            }
            let told = by_voices(&spoken);
            let agents: Vec<Role> = told
                .turns
                .iter()
                .zip(&spoken.turns)
                .filter(|(told, _)| told.role == Role::Agent)
                .map(|(_, true_one)| true_one.role)
                .collect();
            match agents.as_slice() {
                [] => open += 1,
                roles if roles.iter().all(|role| *role == Role::Agent) => right += 1,
                _ => wrong.push(dialogue.call.name.clone()),
            }
        }
    }
    println!("voices: {right} right, {open} open");
    assert!(right >= 85 && wrong.is_empty(), "{right} right, {open} open, wrong: {wrong:?}");
}
