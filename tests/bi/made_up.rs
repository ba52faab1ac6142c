//! Calls drawn by lot, always the same: every cell that figures look at takes each of its values, with the others and without.

use super::REVIEWS;
use super::made::{ABUSE, ALERT, Call, INSULT, JAIL, NOTE, Rule, THREAT, TRIAL, call};
use callsift::facts::{CallOutcome, SoundFacts, Status};
use callsift::score::Verdict;
use jiff::ToSpan;
use jiff::civil::Date;

const FIRST: Date = Date::constant(2026, 10, 5);
const DAYS: u64 = 45;
const RULES: [Rule; 7] = [THREAT, JAIL, INSULT, NOTE, TRIAL, ALERT, ABUSE];

/// Calls and the files that go with them.
pub(crate) struct MadeUp {
    pub(crate) calls: Vec<Call>,
    pub(crate) reviews: String,
    pub(crate) outcomes: String,
}

pub(crate) fn made_up(count: usize) -> MadeUp {
    let mut draw = Draw(11);
    let mut made = MadeUp {
        calls: Vec::new(),
        reviews: REVIEWS.to_owned(),
        outcomes: "call_id,promised,paid_at,amount,complaint_at\n".to_owned(),
    };
    for at in 0..count {
        let id = format!("c{at:04}");
        let day = FIRST.checked_add((draw.below(DAYS) as i64).days()).expect("a day");
        let call = drawn(&id, day, &mut draw);
        let (call, findings) = judged(call, &id, &mut draw);
        made.calls.push(call);
        for (finding, rule) in findings {
            made.reviews += &reviewed(&finding, rule, &mut draw);
        }
        if draw.is_one_in(2) {
            made.outcomes += &outcome(&id, day, &mut draw);
        }
    }
    made
}

/// Whom the call was with, when, and what is known of it.
fn drawn(id: &str, day: Date, draw: &mut Draw) -> Call {
    let start = format!("{day}T{:02}:{:02}:00", draw.below(24), draw.below(60));
    let agent = draw.below(7);
    let (is_nobodys, is_undated, other_team) = (draw.is_one_in(20), draw.is_one_in(15), draw.is_one_in(10));
    let [product, stage, agency, customer] = [3, 3, 4, 9].map(|n| draw.below(n));
    let (inbound, outcome, failed) = (draw.is_one_in(8), draw.below(12), draw.is_one_in(25));
    let (engine, language, is_silent) = (draw.below(3), draw.below(3), draw.is_one_in(14));
    let made = call(id, &start).talk_ms(draw.below(40_000) as i64, draw.below(30_000) as i64);
    let made = if draw.is_one_in(10) { made.words_alone(9_000, draw.below(3) as i64 * 4_000) } else { made };
    let some = |is: bool, text: &str| is.then(|| text.to_owned());
    made.with(|call| {
        let metadata = &mut call.metadata;
        metadata.agent_id = some(!is_nobodys, &format!("agent-{agent}"));
        let team = if other_team { "team-c" } else { ["team-a", "team-b"][agent as usize % 2] };
        metadata.team = some(agent != 6, team);
        metadata.product = some(product > 0, &format!("product-{product}"));
        metadata.stage = some(stage > 0, &format!("M{stage}"));
        metadata.customer_id = some(customer > 0, &format!("customer-{customer}"));
        metadata.direction = some(true, if inbound { "inbound" } else { "outbound" });
        if is_undated {
            metadata.started_at = None;
        }
        if agency > 0 {
            metadata.extra.insert("agency".into(), format!("agency-{agency}"));
        }
        call.outcome = Some(CallOutcome::ALL[if outcome < 6 { outcome as usize } else { 0 }]);
        call.eligible = call.outcome == Some(CallOutcome::Conversation);
        if is_silent {
            call.has_transcript = false;
        }
        call.engine = some(engine > 0, "made-up");
        call.engine_model = some(engine > 1, "two");
        call.engine_confidence = (engine > 0).then_some(0.5 + 0.125 * engine as f32);
        call.language = some(language > 0, ["", "zh", "en"][language as usize]);
        if let Some(SoundFacts { duration_ms, .. }) = &mut call.sound {
            *duration_ms = 20_000 + 1_000 * i64::from(call.call_id.ends_with('7'));
        }
        if failed {
            call.status = Status::Partial;
        }
    })
}

/// What rules said of the call; with its findings, each with its rule.
fn judged(call: Call, id: &str, draw: &mut Draw) -> (Call, Vec<(String, Rule)>) {
    let mut call = if draw.is_one_in(3) { call.by_second_rules() } else { call };
    let mut findings = Vec::new();
    // A seventh of the calls is asked by no violation rule.
    let asked = if draw.is_one_in(7) { &[NOTE, TRIAL, ALERT][..] } else { &RULES };
    for rule in RULES {
        if !asked.contains(&rule) || draw.is_one_in(6) {
            call = if draw.is_one_in(2) { call.no_answer(rule) } else { call };
            continue;
        }
        call = call.answers(&[rule]);
        for number in 0..draw.below(9).saturating_sub(6) {
            let finding = format!("{id}-{}-{number}", rule.0);
            call = call.found(rule, &finding);
            call = if draw.is_one_in(9) { call.excused() } else { call };
            findings.push((finding, rule));
        }
    }
    let score = (!draw.is_one_in(9)).then(|| 40.0 + draw.below(60) as f64);
    let verdict = if score.is_none() { Verdict::NotJudged } else { Verdict::ALL[draw.below(3) as usize] };
    (call.scored(score, verdict), findings)
}

/// Insults are nearly always right, threats seldom, and of the jail few are looked at.
fn reviewed(finding: &str, rule: Rule, draw: &mut Draw) -> String {
    let (chance, right) = match rule.0 {
        "p.insult" => (2, 40),
        "p.threat" => (2, 3),
        "p.jail" => (30, 2),
        _ => (4, 2),
    };
    if !draw.is_one_in(chance) {
        return String::new();
    }
    let decision = if draw.is_one_in(right) { "overturned" } else { "upheld" };
    let selection = ["random", "random", "random", "risk", ""][draw.below(5) as usize];
    let probability = ["", "0.5", "0.25"][draw.below(3) as usize];
    let line = |name: &str, minute: u64, decision: &str, selection: &str, probability: &str, of: &str| {
        format!(
            "{name},{finding},,qa-1,2026-11-21T10:{minute:02}:00+08:00,{decision},,{selection},{probability},{of}\n"
        )
    };
    let (name, minute) = (format!("r-{finding}"), draw.below(30));
    let first = line(&name, minute, decision, selection, probability, "");
    let appealed = ["upheld", "overturned"][draw.below(2) as usize];
    let against = if draw.is_one_in(2) { name.as_str() } else { "" };
    let appeal = line(&format!("a-{finding}"), minute + 1 + draw.below(20), appealed, "appeal", "", against);
    if draw.is_one_in(6) { appeal + &first } else { first }
}

fn outcome(id: &str, day: Date, draw: &mut Draw) -> String {
    let mut in_days = |most: u64, is: bool| {
        let later = day.checked_add((draw.below(most) as i64).days()).expect("a day");
        if is { later.to_string() } else { String::new() }
    };
    let lots = id.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let (promised, paid) = (in_days(40, lots % 3 > 0), in_days(40, lots % 5 > 1));
    let complaint = in_days(40, lots % 7 == 0);
    let amount = if paid.is_empty() { String::new() } else { format!("{}.5", 100 + lots % 900) };
    format!("{id},{promised},{paid},{amount},{complaint}\n")
}

/// Numbers that look drawn (a linear congruential generator).
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn is_one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }
}
