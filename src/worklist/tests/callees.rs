//! Whom earlier calls were to, at which number, and who asked not to be called again.

use super::{Site, items, mistakes, read};
use crate::recording::PriorCall;
use crate::worklist::{EarlierCall, WorkItem, WorkList, WorkOptions};

/// Role of the callee, whether the number is the same, whether an end was asked for.
type Callee = (Option<String>, Option<bool>, Option<bool>);

fn item(list: &WorkList, id: &str) -> WorkItem {
    items(list).0.into_iter().find(|item| item.recording.call_id == id).expect("the call")
}

fn callees(list: &WorkList, id: &str) -> Vec<Callee> {
    let callee = |prior: PriorCall| (prior.callee_role, prior.same_number, prior.stop_requested);
    item(list, id).recording.prior_calls.into_iter().map(callee).collect()
}

fn callee(role: &str, same_number: Option<bool>, stop_requested: Option<bool>) -> Callee {
    (Some(role.to_owned()).filter(|role| !role.is_empty()), same_number, stop_requested)
}

const MANIFEST: &str = "call_id,recording,started_at,customer_id,callee_role,number,stop_requested\n\
    a,a.wav,2026-11-20T08:00:00+08:00,k1,debtor,13800138000,no\n\
    b,b.wav,2026-11-20T09:00:00+08:00,k1,related_third,13900139000,是\n\
    c,c.wav,2026-11-20T10:00:00+08:00,k1,,,\n\
    d,d.wav,2026-11-20T11:00:00+08:00,k1,debtor,+86 138-0013-8000,\n\
    e,e.wav,2026-11-20T12:00:00+08:00,k1,debtor,,\n";

#[test]
fn the_manifest_says_whom_earlier_calls_were_to() {
    let site = Site::of(&[("m.csv", MANIFEST)]);
    let list = read(&site.listed_in("m.csv"));
    let before_d = [
        callee("debtor", Some(true), Some(false)),
        callee("related_third", Some(false), Some(true)),
        callee("", None, None),
    ];
    assert_eq!(callees(&list, "d"), before_d);
    let unknown = |(role, _, stop)| (role, None, stop);
    let before_e = [&before_d.map(unknown)[..], &[callee("debtor", None, None)]].concat();
    assert_eq!(callees(&list, "e"), before_e, "its own number is not known");
}

#[test]
fn a_number_is_kept_nowhere() {
    let json = "{\"call_id\":\"d\",\"recording\":\"d.wav\",\"number\":13800138000,\"stop_requested\":true,\"x\":1}\n";
    let site = Site::of(&[("m.csv", MANIFEST), ("m.jsonl", json)]);
    for (manifest, further) in [("m.csv", &[][..]), ("m.jsonl", &["stop_requested", "x"])] {
        let item = item(&read(&site.listed_in(manifest)), "d");
        let kept: Vec<&String> = item.recording.metadata.extra.keys().collect();
        assert_eq!(kept, further, "{manifest}");
        let text = format!("{item:?}");
        assert!(!text.contains("13800138000") && !text.contains("138-0013"), "{manifest}: {text}");
    }
}

#[test]
fn a_number_shows_in_nothing_but_whether_it_is_the_same() {
    let recording = |manifest: &str| {
        let site = Site::of(&[("m.csv", manifest)]);
        item(&read(&site.listed_in("m.csv")), "d").recording
    };
    let before = recording(MANIFEST);
    let to_another = recording(&MANIFEST.replace("+86 138-0013-8000", "13900139000"));
    let from_another = recording(&MANIFEST.replace("13900139000", "13700137000"));
    assert_ne!(before.prior_calls, to_another.prior_calls);
    assert_eq!(before.prior_calls, from_another.prior_calls);
    assert_eq!(before.metadata, to_another.metadata);
}

fn with_attempts(manifest: &str, attempts: &str) -> (Site, WorkOptions) {
    let site = Site::of(&[("m.csv", manifest), ("a.csv", attempts)]);
    let options = WorkOptions { attempts: Some(site.path("a.csv")), ..site.listed_in("m.csv") };
    (site, options)
}

#[test]
fn attempts_say_what_the_manifest_does_not() {
    let manifest = "call_id,recording,started_at,customer_id,callee_role,number,stop_requested\n\
        own,a.wav,2026-11-20T08:00:00+08:00,k1,debtor,13800138000,no\n\
        bare,b.wav,2026-11-20T09:00:00+08:00,k1,,,\n\
        now,c.wav,2026-11-20T10:00:00+08:00,k1,,,\n\
        by-time,d.wav,2026-11-20T11:00:00+08:00,k1,,,\n\
        unpaired,e.wav,2026-11-20T12:00:00+08:00,k1,,,\n";
    let (_site, options) = with_attempts(
        manifest,
        "customer_id,call_id,number,callee_role,ring_at,answered_at,outcome,stop_requested\n\
         k1,own,13900139000,guarantor,2026-11-20T08:00:00+08:00,,answered,yes\n\
         k1,bare,13900139000,guarantor,2026-11-20T09:00:00+08:00,2026-11-20T09:00:01+08:00,拒绝再联系,\n\
         k1,,,,2026-11-20T09:30:00+08:00,,STOP_REQUESTED,no\n\
         k1,,13800138000,unrelated_third,2026-11-20T09:40:00+08:00,,no_answer,\n\
         k1,now,138 0013 8000,,2026-11-20T09:59:59+08:00,,answered,\n\
         k1,,013900139000,,2026-11-20T11:00:00+08:00,,answered,no\n",
    );
    let list = read(&options);
    let before = |own: Option<bool>, bare: Option<bool>| {
        [
            callee("debtor", own, Some(false)),
            callee("guarantor", bare, Some(true)),
            callee("", None, Some(true)),
            callee("unrelated_third", own, None),
        ]
    };
    assert_eq!(callees(&list, "now"), before(Some(true), Some(false)), "by its id");
    let by_time = [&before(Some(false), Some(true))[..], &[callee("", Some(false), None)]].concat();
    assert_eq!(callees(&list, "by-time"), by_time);
    let unpaired = callees(&list, "unpaired");
    assert!(unpaired.len() == 6 && unpaired.iter().all(|(_, same, _)| same.is_none()), "{unpaired:?}");
    let answered: Vec<_> = item(&list, "now").recording.prior_calls.iter().map(|prior| prior.answered).collect();
    assert_eq!(answered, [Some(true), Some(true), Some(true), Some(false)], "who asks for an end has answered");
}

#[test]
fn history_says_whom_calls_were_to_and_attempts_the_number() {
    let manifest = "call_id,recording,started_at,customer_id,number\n\
        now,c.wav,2026-11-20T10:00:00+08:00,k1,13800138000\n";
    let attempts = "customer_id,call_id,number,ring_at,outcome\n\
        k1,old,13800138000,2026-11-19T09:59:50+08:00,answered\n";
    // 2026-11-19T10:00:00+08:00, `date -u -d 2026-11-19T02:00:00Z +%s`.
    let started_at_us = 1_795_053_600_000_000;
    let prior = PriorCall {
        started_at_us,
        callee_role: Some("guarantor".into()),
        stop_requested: Some(true),
        ..PriorCall::default()
    };
    let past = EarlierCall { customer: "k1".into(), call_id: "old".into(), prior };
    let (site, options) = with_attempts(manifest, attempts);
    for (name, options, same_number) in
        [("alone", site.listed_in("m.csv"), None), ("with attempts", options, Some(true))]
    {
        let mut list = read(&options);
        list.add_earlier(&past);
        assert_eq!(callees(&list, "now"), [callee("guarantor", same_number, Some(true))], "{name}");
    }
}

#[test]
fn neither_yes_nor_no_is_a_mistake() {
    let manifest = MANIFEST.replace(",no\n", ",13800138000\n");
    let attempts = "customer_id,ring_at,outcome,stop_requested\nk1,2026-11-20T08:00:00Z,busy,13800138000\n";
    for (manifest, attempts, place) in [(manifest.as_str(), "", "m.csv:2"), (MANIFEST, attempts, "a.csv:2")] {
        let (site, options) = with_attempts(manifest, attempts);
        let mistakes = mistakes(&if attempts.is_empty() { site.listed_in("m.csv") } else { options });
        let [mistake] = mistakes.as_slice() else { panic!("{mistakes:?}") };
        assert!(mistake.place.ends_with(place), "{mistake}");
        assert_eq!(mistake.message, "stop_requested \"███████████\" is neither yes nor no");
    }
}
