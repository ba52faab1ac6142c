//! Transcripts that the engines themselves wrote, which are no part of the repository: counts and times of them, counted by
//! another program in the files as they are.

use super::common::corpus;
use callsift::transcript::import::read;
use callsift::transcript::{Speaker, Transcript};
use callsift::units::Role;
use std::collections::BTreeMap;

/// A file, and what must be in it.
struct Case {
    file: &'static str,
    engine: &'static str,
    /// Each speaker with how many words have times; with how many utterances where no word has.
    counts: &'static [(Speaker, usize)],
    utterances: usize,
    first_ms: i64,
    /// When it ends; `None` where ends are missing, so that times are estimated.
    last_ms: Option<i64>,
}

const AGENT: Speaker = Speaker::Role(Role::Agent);
const CUSTOMER: Speaker = Speaker::Role(Role::Customer);
const BOT: Speaker = Speaker::Role(Role::Bot);
const UNKNOWN: Speaker = Speaker::Role(Role::Unknown);
const VOICES: [Speaker; 3] = [Speaker::Voice(0), Speaker::Voice(1), Speaker::Voice(2)];

const CASES: [Case; 14] = [
    Case {
        file: "aws-call-analytics.json",
        engine: "aws-call-analytics",
        counts: &[(AGENT, 323), (CUSTOMER, 139)],
        utterances: 37,
        first_ms: 40,
        last_ms: Some(182_890),
    },
    Case {
        file: "aws-transcribe.json",
        engine: "aws-transcribe",
        counts: &[(VOICES[0], 206), (VOICES[1], 519)],
        utterances: 53,
        first_ms: 5_240,
        last_ms: Some(301_363),
    },
    Case {
        file: "channel-id-output-batch-0.json",
        engine: "aws-transcribe",
        counts: &[(Speaker::Channel(0), 7), (Speaker::Channel(1), 3)],
        utterances: 2,
        first_ms: 4_860,
        last_ms: Some(9_250),
    },
    Case {
        file: "diarization-output-batch-0.json",
        engine: "aws-transcribe",
        counts: &[(VOICES[0], 7), (VOICES[1], 3)],
        utterances: 2,
        first_ms: 4_870,
        last_ms: Some(9_240),
    },
    Case {
        file: "contact-lens-example-output-files-chat-0.json",
        engine: "contact-lens",
        counts: &[(AGENT, 15), (CUSTOMER, 13), (BOT, 3)],
        utterances: 31,
        first_ms: 2_655,
        last_ms: None,
    },
    Case {
        file: "contact-lens-example-output-files-chat-1.json",
        engine: "contact-lens",
        counts: &[(AGENT, 14), (CUSTOMER, 14), (BOT, 3)],
        utterances: 31,
        first_ms: 2_655,
        last_ms: None,
    },
    Case {
        file: "contact-lens-example-output-files.53875c-1.json",
        engine: "contact-lens",
        counts: &[(AGENT, 5), (CUSTOMER, 5)],
        utterances: 10,
        first_ms: 0,
        last_ms: Some(32_110),
    },
    Case {
        file: "contact-lens-example-output-files.c87e77-1.json",
        engine: "contact-lens",
        counts: &[(AGENT, 5), (CUSTOMER, 5)],
        utterances: 10,
        first_ms: 0,
        last_ms: Some(32_110),
    },
    Case {
        file: "contact-lens-example-output-files.d4202a-1.json",
        engine: "contact-lens",
        counts: &[(AGENT, 5), (CUSTOMER, 5)],
        utterances: 10,
        first_ms: 0,
        last_ms: Some(32_110),
    },
    Case {
        file: "google.json",
        engine: "google",
        counts: &[(UNKNOWN, 1_767)],
        utterances: 101,
        first_ms: 12_900,
        last_ms: Some(706_000),
    },
    Case {
        file: "google-diarized.json",
        engine: "google",
        counts: &[(VOICES[0], 1_764), (VOICES[1], 2)],
        utterances: 102,
        first_ms: 12_900,
        last_ms: Some(706_000),
    },
    Case {
        file: "ibm.json",
        engine: "ibm",
        counts: &[(VOICES[0], 1_780)],
        utterances: 87,
        first_ms: 13_040,
        last_ms: Some(705_940),
    },
    Case {
        file: "kaldi-bbc.json",
        engine: "kaldi",
        counts: &[(UNKNOWN, 13), (VOICES[0], 1_177), (VOICES[1], 522)],
        utterances: 161,
        first_ms: 13_020,
        last_ms: Some(704_340),
    },
    Case {
        file: "speechmatics.json",
        engine: "speechmatics",
        counts: &[(VOICES[0], 1_405), (VOICES[1], 384), (VOICES[2], 2)],
        utterances: 122,
        first_ms: 13_050,
        last_ms: Some(705_920),
    },
];

#[test]
fn what_engines_wrote_is_read_whole() {
    let Some(folder) = corpus("engine-json") else { return };
    for case in CASES {
        let name = case.file;
        let said = read(&std::fs::read(folder.join(name)).expect("read")).expect(name);
        assert_eq!((said.engine.as_deref(), said.utterances.len()), (Some(case.engine), case.utterances), "{name}");
        assert_eq!(counts(&said), BTreeMap::from_iter(case.counts.iter().copied()), "{name}");
        assert_eq!(said.utterances[0].span.start_ms, case.first_ms, "{name}");
        assert_eq!(said.utterances.iter().any(|it| it.times_estimated), case.last_ms.is_none(), "{name}");
        let last_ms = said.utterances.iter().map(|it| it.span.end_ms).max();
        assert!(case.last_ms.is_none_or(|told| Some(told) == last_ms), "{name}: {last_ms:?}");
        let overlaps = usize::from(name == "kaldi-bbc.json");
        assert_eq!(said.warnings.len(), overlaps, "{name}: {:?}", said.warnings);
    }
}

fn counts(said: &Transcript) -> BTreeMap<Speaker, usize> {
    let timed = said.utterances.iter().any(|it| !it.words.is_empty());
    let mut counts = BTreeMap::new();
    for one in &said.utterances {
        *counts.entry(one.speaker).or_default() += if timed { one.words.len() } else { 1 };
    }
    counts
}
