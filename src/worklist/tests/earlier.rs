//! Earlier calls, worked out on paper.

use super::{Site, items, mistakes, read};
use crate::entities::masked_id;
use crate::recording::PriorCall;
use crate::worklist::{EarlierCall, WorkList, WorkOptions};

/// 2026-11-20T10:00:00+08:00, `date -u -d 2026-11-20T02:00:00Z +%s`.
const TEN_US: i64 = 1_795_140_000_000_000;
const MIN_US: i64 = 60_000_000;
const DAY_US: i64 = 86_400_000_000;

/// (minutes after ten, direction, answered, seconds of talk) of the calls before `id`.
type Prior = (f64, Option<&'static str>, Option<bool>, Option<f32>);

fn priors(list: &WorkList, id: &str) -> Vec<Prior> {
    let (items, _) = items(list);
    let item = items.into_iter().find(|item| item.recording.call_id == id).expect("the call");
    let direction = |text: Option<String>| text.map(|text| if text == "inbound" { "inbound" } else { "outbound" });
    let prior = |prior: PriorCall| {
        let minutes = (prior.started_at_us - TEN_US) as f64 / MIN_US as f64;
        (minutes, direction(prior.direction), prior.answered, prior.talk_s)
    };
    item.recording.prior_calls.into_iter().map(prior).collect()
}

const MANIFEST: &str = "call_id,recording,started_at,customer_id,direction,answered,talk_s\n\
    c,c.wav,2026-11-20T10:00:00+08:00,k1,outbound,yes,60\n\
    b,b.wav,2026-11-20T09:30:00+08:00,k1,inbound,no,\n\
    a,a.wav,2026-11-19T10:00:00+08:00,k1,,,\n\
    edge,e.wav,2026-10-21T10:00:00+08:00,k1,,,\n\
    past,p.wav,2026-10-21T09:59:59+08:00,k1,,,\n\
    same,s.wav,2026-11-20T02:00:00Z,k1,,,\n\
    other,o.wav,2026-11-20T09:00:00+08:00,k2,,,\n\
    nobody,n.wav,2026-11-20T09:10:00+08:00,,,,\n\
    undated,u.wav,,k1,,,\n";

#[test]
fn the_manifest_says_what_came_before() {
    let site = Site::of(&[("m.csv", MANIFEST)]);
    let list = read(&site.listed_in("m.csv"));
    let thirty_days = -30.0 * 1440.0;
    let before_ten =
        [(thirty_days, None, None, None), (-1440.0, None, None, None), (-30.0, Some("inbound"), Some(false), None)];
    assert_eq!(priors(&list, "c"), before_ten);
    assert_eq!(priors(&list, "same"), before_ten, "two calls that start together are not before one another");
    assert_eq!(priors(&list, "past"), []);
    for id in ["other", "nobody", "undated"] {
        assert_eq!(priors(&list, id), [], "{id}");
    }
    let days = list.days().map(|(first, last)| (first.to_string(), last.to_string()));
    assert_eq!(days, Some(("2026-10-21".into(), "2026-11-20".into())));
}

fn with_attempts(attempts: &str) -> (Site, WorkOptions) {
    let manifest = "call_id,recording,started_at,customer_id,direction,answered,talk_s\n\
        now,c.wav,2026-11-20T10:00:00+08:00,k1,,,\n\
        b,b.wav,2026-11-20T09:00:10+08:00,k1,inbound,no,7\n\
        a,a.wav,2026-11-20T08:00:10+08:00,k1,,,\n";
    let site = Site::of(&[("m.csv", manifest), ("a.csv", attempts)]);
    let options = WorkOptions { attempts: Some(site.path("a.csv")), ..site.listed_in("m.csv") };
    (site, options)
}

#[test]
fn attempts_count_where_no_call_came_of_them_and_fill_the_rest() {
    let (_site, options) = with_attempts(
        "customer_id,number,callee_role,ring_at,answered_at,ended_at,outcome,by,call_id\n\
         k1,13800138000,debtor,2026-11-20T08:00:00+08:00,2026-11-20T08:00:10+08:00,2026-11-20T08:01:40+08:00,,robot,\n\
         k1,13800138000,debtor,2026-11-20T07:00:00+08:00,,2026-11-20T07:00:30+08:00,no_answer,robot,\n\
         k9,13800138000,debtor,2026-11-20T09:00:00+08:00,2026-11-20T09:00:10+08:00,2026-11-20T09:02:10+08:00,,human,b\n\
         k1,13800138000,debtor,2026-11-20T10:00:30+08:00,,,busy,human,\n",
    );
    let list = read(&options);
    let expected: [Prior; 3] = [
        (-180.0, Some("outbound"), Some(false), None),
        (-120.0 + 10.0 / 60.0, Some("outbound"), Some(true), Some(90.0)),
        (-60.0 + 10.0 / 60.0, Some("inbound"), Some(false), Some(7.0)),
    ];
    let found = priors(&list, "now");
    assert_eq!(found.len(), 3, "{found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found.0 - expected.0).abs() < 1e-6, "{found:?}");
        assert_eq!((found.1, found.2, found.3), (expected.1, expected.2, expected.3));
    }
}

#[test]
fn an_attempt_says_whose_call_it_was() {
    let manifest = "call_id,recording,started_at,customer_id\n\
        now,c.wav,2026-11-20T10:00:00+08:00,k1\n\
        whose,b.wav,2026-11-20T09:00:00+08:00,\n";
    let attempts = "customer_id,call_id,ring_at,outcome\nk1,whose,2026-11-20T08:59:40+08:00,answered\n";
    let site = Site::of(&[("m.csv", manifest), ("a.csv", attempts)]);
    let list = read(&WorkOptions { attempts: Some(site.path("a.csv")), ..site.listed_in("m.csv") });
    assert_eq!(priors(&list, "now"), [(-60.0, Some("outbound"), Some(true), None)]);
    assert_eq!(priors(&list, "whose"), []);
}

#[test]
fn mistakes_of_an_attempts_file_are_named() {
    let header = "customer_id,ring_at,answered_at,ended_at,outcome,by,callee_role\n";
    let cases = [
        ("customer_id\nk\n".into(), 2, "a.csv:1", "the column ring_at is missing"),
        ("ring_at,outcome\n".into(), 1, "a.csv:1", "the columns customer_id and call_id are both missing"),
        ("customer_id,ring_at\n".into(), 1, "a.csv:1", "the columns answered_at and outcome are both missing"),
        (format!("{header}k,,,,busy,,\n"), 1, "a.csv:2", "ring_at is empty"),
        (format!("{header},2026-11-20T08:00:00Z,,,busy,,\n"), 1, "a.csv:2", "neither customer_id nor call_id"),
        (format!("{header}k,2026-11-20T08:00:00Z,,,hung,,\n"), 1, "a.csv:2", "outcome \"hung\" is not known"),
        (format!("{header}k,2026-11-20T08:00:00Z,,,busy,me,\n"), 1, "a.csv:2", "by \"me\" is not known"),
        (format!("{header}k,2026-11-20T08:00:00Z,,,busy,,me\n"), 1, "a.csv:2", "callee_role \"me\" is not known"),
        (format!("{header}13800138000,13800138000,,,busy,,\n"), 1, "a.csv:2", "ring_at \"███████████\" is not a time"),
        (
            format!("{header}k,2026-11-20T08:00:00Z,2026-11-20T07:59:59Z,,,,\n"),
            1,
            "a.csv:2",
            "answered_at is before ring_at",
        ),
        (
            format!("{header}k,2026-11-20T08:00:00Z,2026-11-20T08:00:09Z,2026-11-20T08:00:08Z,,,\n"),
            1,
            "a.csv:2",
            "ended_at is before what it ends",
        ),
    ];
    for (text, count, place, message) in cases {
        let (_site, options) = with_attempts(&text);
        let mistakes = mistakes(&options);
        assert_eq!(mistakes.len(), count, "{text}: {mistakes:?}");
        let found = mistakes.iter().any(|it| it.place.ends_with(place) && it.message.contains(message));
        assert!(found, "{text}: {mistakes:?}");
    }
    let (_site, options) = with_attempts(&format!("{header}k,2026-11-20T08:00:00Z,2026-11-20T08:00:00Z,,amd-7,,\n"));
    assert_eq!(read(&options).len(), 3, "an answer's time says enough");
}

fn past(customer: &str, call_id: &str, started_at_us: i64) -> EarlierCall {
    let prior = PriorCall { started_at_us, answered: Some(true), talk_s: Some(30.0), ..PriorCall::default() };
    let prior = PriorCall { direction: Some("outbound".into()), ..prior };
    EarlierCall { customer: customer.into(), call_id: call_id.into(), prior }
}

#[test]
fn history_adds_what_the_manifest_does_not_list() {
    let site = Site::of(&[("m.csv", MANIFEST)]);
    let mut list = read(&site.listed_in("m.csv"));
    assert!(list.wants("k1") && list.wants("k2") && !list.wants("k3") && !list.wants(""));
    let stamps = |list: &WorkList| items(list).0.iter().map(|item| item.stamp).collect::<Vec<_>>();
    let before = stamps(&list);
    list.add_earlier(&past("k1", "b", TEN_US - 30 * MIN_US));
    list.add_earlier(&past("k3", "z", TEN_US - DAY_US));
    assert_eq!(stamps(&list), before, "what the manifest lists is not taken twice");
    for id in ["y", "y", "x"] {
        list.add_earlier(&past("k2", id, TEN_US - 2 * DAY_US));
    }
    let priors = priors(&list, "other");
    assert_eq!(priors, [(-2880.0, Some("outbound"), Some(true), Some(30.0)); 2], "y and x, each once");
    assert_ne!(stamps(&list), before);
}

#[test]
fn an_attempt_explains_a_call_of_history_too() {
    let (_site, options) = with_attempts(
        "customer_id,ring_at,answered_at,ended_at\n\
         k1,2026-11-19T09:59:50+08:00,2026-11-19T10:00:00+08:00,2026-11-19T10:05:00+08:00\n",
    );
    let mut list = read(&options);
    assert_eq!(priors(&list, "a").len(), 1);
    list.add_earlier(&past("k1", "yesterday", TEN_US - DAY_US));
    assert_eq!(priors(&list, "a"), [(-1440.0, Some("outbound"), Some(true), Some(30.0))]);
}

#[test]
fn customers_are_told_apart_by_their_masked_ids() {
    let line = |id: &str, customer: &str, minute: i32| {
        format!("{id},{id}.wav,2026-11-20T09:{minute:02}:00+08:00,{customer}\n")
    };
    let lines = [line("a", "13800138000", 1), line("b", "13800138001", 2), line("c", "13800138000", 3)].concat();
    let site = Site::of(&[("m.csv", &format!("call_id,recording,started_at,customer_id\n{lines}"))]);
    let mut list = read(&site.listed_in("m.csv"));
    let counts = |list: &WorkList| ["a", "b", "c"].map(|id| priors(list, id).len());
    assert_eq!(counts(&list), [0, 0, 1]);
    let masked = masked_id("13800138000");
    assert!(list.wants(&masked) && list.wants("13800138000"), "as a dataset writes it, masked or told to keep it");
    list.add_earlier(&past(&masked, "old", TEN_US - DAY_US));
    assert_eq!(counts(&list), [1, 0, 2]);
}
