//! `report.when`, evaluated: whether a rule reports, and which hits show it.

use super::answer::{Answer, Hit};
use super::kleene::{Truth, Why};
use super::model::{Reach, When};
use super::place::reaches;
use crate::finding::Reason;

/// The conditions of a rule, each answered when it is first asked for.
pub(crate) trait Conditions {
    /// The answer of the condition `name`.
    fn answer(&self, name: usize) -> &Answer;

    /// How many hits it needs.
    fn at_least(&self, name: usize) -> u32;

    /// What it takes to answer it.
    fn cost(&self, name: usize) -> Cost;
}

/// What it takes to answer a condition, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cost {
    /// It is looked up.
    Little,
    /// A few utterances are gone through.
    Some,
    /// All utterances are gone through.
    Much,
}

impl Cost {
    const ALL: [Self; 3] = [Self::Little, Self::Some, Self::Much];
}

/// The answers of a rule's conditions.
#[derive(Clone, Copy)]
pub(crate) struct Answers<'a>(pub(crate) &'a dyn Conditions);

impl<'a> Answers<'a> {
    /// Whether `when` holds.
    pub(crate) fn truth(&self, when: &When) -> Truth {
        match when {
            When::Name(name) => self.of(*name),
            When::Not(inner) => self.truth(inner).negate(),
            // False where either is false, so what takes least is asked first.
            When::And(..) if Cost::ALL.into_iter().any(|cost| self.is_refuted(when, cost)) => Truth::False,
            When::And(left, right) => self.joined(left).and(self.joined(right)),
            When::Or(left, right) => self.truth(left).or(self.truth(right)),
            When::Before(a, b) => self.in_order(*a, *b, |hits, others| !preceding(hits, others).is_empty()),
            When::Then(a, b, reach) => self.in_order(*a, *b, |hits, others| !followed(hits, others, *reach).is_empty()),
            When::EveryThen(a, b, reach) => self.every_followed(*a, *b, *reach),
        }
    }

    /// The hits of a condition.
    pub(crate) fn hits(&self, name: usize) -> &'a [Hit] {
        &self.0.answer(name).hits
    }

    /// The first condition that makes a true `when` true, and its hits; `None` where it is true only
    /// through `not`. Of two that do, the one that has more than excused hits, so that approved words hide nothing.
    pub(crate) fn shown_by(&self, when: &When, is_excused: &dyn Fn(&Hit) -> bool) -> Option<(usize, Vec<&'a Hit>)> {
        let hits = |name: usize| self.hits(name);
        match when {
            When::Name(name) => Some((*name, hits(*name).iter().collect())),
            When::Not(_) => None,
            When::And(left, right) => self.shown_by(left, is_excused).or_else(|| self.shown_by(right, is_excused)),
            When::Or(left, right) => {
                let sides = [left, right].into_iter().filter(|side| self.truth(side).is_true());
                let mut shown = sides.filter_map(|side| self.shown_by(side, is_excused));
                let first = shown.next()?;
                let is_all_excused =
                    |(_, hits): &(usize, Vec<&Hit>)| !hits.is_empty() && hits.iter().all(|hit| is_excused(hit));
                let other = if is_all_excused(&first) { shown.find(|other| !is_all_excused(other)) } else { None };
                Some(other.unwrap_or(first))
            }
            When::Before(a, b) => Some((*a, preceding(hits(*a), hits(*b)))),
            When::Then(a, b, reach) => Some((*a, followed(hits(*a), hits(*b), *reach))),
            When::EveryThen(a, ..) => Some((*a, hits(*a).iter().collect())),
        }
    }

    fn of(&self, name: usize) -> Truth {
        self.0.answer(name).truth(self.0.at_least(name))
    }

    /// Whether one of the conditions that `when` joins by `and` is found to be false, at that cost.
    fn is_refuted(&self, when: &When, cost: Cost) -> bool {
        match when {
            When::And(left, right) => self.is_refuted(left, cost) || self.is_refuted(right, cost),
            When::Name(name) => self.0.cost(*name) == cost && self.of(*name) == Truth::False,
            When::Not(inner) => match &**inner {
                When::Name(name) => self.0.cost(*name) == cost && self.of(*name).is_true(),
                _ => false,
            },
            _ => false,
        }
    }

    /// The truth of a part of what is joined by `and`, none of whose conditions is refuted at once.
    fn joined(&self, when: &When) -> Truth {
        match when {
            When::And(left, right) => self.joined(left).and(self.joined(right)),
            other => self.truth(other),
        }
    }

    /// True where each hit of `a`, if there is any, is followed by one of `b`; false if one is not; unknown as far as
    /// something could not be examined: another `a`, or a `b` that would follow.
    fn every_followed(&self, a: usize, b: usize, reach: Reach) -> Truth {
        let (first, second) = (self.0.answer(a), self.0.answer(b));
        let all = followed(&first.hits, &second.hits, reach).len() == first.hits.len();
        if first.hits.iter().any(|hit| hit.span.is_none()) {
            return Truth::Unknown(Why::new(Reason::NoTimes, "a fact of the whole call has no time to put in order"));
        }
        match (all, first.why(), second.why()) {
            (true, None, _) => Truth::True,
            (false, _, None) => Truth::False,
            (true, Some(why), _) | (false, _, Some(why)) => Truth::Unknown(why.clone()),
        }
    }

    /// False if either is false; unknown if either is, if a time is missing, or if the order does not
    /// hold among the hits but part of the call could not be examined.
    fn in_order(&self, a: usize, b: usize, holds: impl Fn(&[Hit], &[Hit]) -> bool) -> Truth {
        let both = self.of(a).and(self.of(b));
        if !both.is_true() {
            return both;
        }
        let (first, second) = (self.0.answer(a), self.0.answer(b));
        if first.hits.iter().chain(&second.hits).any(|hit| hit.span.is_none()) {
            return Truth::Unknown(Why::new(Reason::NoTimes, "a fact of the whole call has no time to put in order"));
        }
        match (holds(&first.hits, &second.hits), first.why().or(second.why())) {
            (true, _) => Truth::True,
            (false, Some(why)) => Truth::Unknown(why.clone()),
            (false, None) => Truth::False,
        }
    }
}

/// The hits that start before some other one does.
fn preceding<'a>(hits: &'a [Hit], others: &[Hit]) -> Vec<&'a Hit> {
    let last = others.iter().filter_map(|hit| hit.span).map(|span| span.start_ms).max();
    hits.iter().filter(|hit| hit.span.is_some_and(|span| Some(span.start_ms) < last)).collect()
}

/// The hits after whose start, and no further than `reach` from whose end, another one starts.
fn followed<'a>(hits: &'a [Hit], others: &[Hit], reach: Reach) -> Vec<&'a Hit> {
    let mut others: Vec<&Hit> = others.iter().filter(|other| other.span.is_some()).collect();
    others.sort_by_key(|other| other.span);
    // The next one is the nearest.
    let next = |hit: &Hit| {
        let start_ms = hit.span?.start_ms;
        others.get(others.partition_point(|other| other.span.is_some_and(|span| span.start_ms <= start_ms)))
    };
    hits.iter().filter(|hit| next(hit).is_some_and(|other| reaches(hit, other, reach))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::answer::Blind;
    use super::*;
    use crate::units::Span;
    use proptest::prelude::*;

    /// Answers that are there already; each condition needs one hit.
    struct Given<'a>(&'a [Answer]);

    impl Conditions for Given<'_> {
        fn answer(&self, name: usize) -> &Answer {
            &self.0[name]
        }

        fn at_least(&self, _: usize) -> u32 {
            1
        }

        fn cost(&self, name: usize) -> Cost {
            [Cost::Much, Cost::Little, Cost::Some][name % 3]
        }
    }

    fn at(starts_s: &[i64]) -> Answer {
        let hit =
            |s: &i64| Hit { span: Some(Span::new(s * 1_000, s * 1_000 + 1_000)), ..Hit::measure(None, None, None) };
        Answer { hits: starts_s.iter().map(hit).collect(), blind: Blind::Nowhere }
    }

    /// One hit in each of these turns, which last a minute.
    fn in_run(runs: &[u32]) -> Answer {
        let mut answer = at(&runs.iter().map(|run| i64::from(*run) * 60).collect::<Vec<_>>());
        answer.hits.iter_mut().zip(runs).for_each(|(hit, run)| hit.run = *run);
        answer
    }

    fn unknown() -> Answer {
        Answer::unknown(Reason::NoAudio, "")
    }

    fn name(index: usize) -> Box<When> {
        Box::new(When::Name(index))
    }

    #[test]
    fn expressions_are_true_false_or_unknown() {
        let blind_spot = Answer { blind: Blind::Spots(1, Why::new(Reason::NoRoles, "")), ..at(&[9]) };
        let whole_call = Answer { hits: vec![Hit::measure(None, None, None)], blind: Blind::Nowhere };
        let not = |when: When| When::Not(Box::new(when));
        let table: Vec<(&str, [Answer; 2], When, &str)> = vec![
            ("a name", [at(&[1]), at(&[])], When::Name(0), "true"),
            ("not a hit", [at(&[1]), at(&[])], not(When::Name(0)), "false"),
            ("not unknown", [unknown(), at(&[])], not(When::Name(0)), "no_audio"),
            ("false and unknown", [at(&[]), unknown()], When::And(name(0), name(1)), "false"),
            ("true and unknown", [at(&[1]), unknown()], When::And(name(0), name(1)), "no_audio"),
            ("true or unknown", [unknown(), at(&[1])], When::Or(name(0), name(1)), "true"),
            ("before", [at(&[1]), at(&[2])], When::Before(0, 1), "true"),
            ("before some", [at(&[3]), at(&[2, 4])], When::Before(0, 1), "true"),
            ("at the same time", [at(&[2]), at(&[2])], When::Before(0, 1), "false"),
            ("after", [at(&[3]), at(&[2])], When::Before(0, 1), "false"),
            ("before nothing", [at(&[3]), at(&[])], When::Before(0, 1), "false"),
            ("nothing before unknown", [at(&[]), unknown()], When::Before(0, 1), "false"),
            ("before unknown", [at(&[3]), unknown()], When::Before(0, 1), "no_audio"),
            ("after, with something unexamined", [blind_spot, at(&[2])], When::Before(0, 1), "no_roles"),
            ("a fact of the call", [whole_call, at(&[2])], When::Before(0, 1), "no_times"),
            ("then, at the limit", [at(&[1]), at(&[62])], When::Then(0, 1, Reach::Ms(60_000)), "true"),
            ("then, too late", [at(&[1]), at(&[63])], When::Then(0, 1, Reach::Ms(60_000)), "false"),
            ("then, some", [at(&[1, 100]), at(&[110])], When::Then(0, 1, Reach::Ms(60_000)), "true"),
            ("every then, not all", [at(&[1, 100]), at(&[110])], When::EveryThen(0, 1, Reach::Ms(60_000)), "false"),
            ("every then, all", [at(&[1, 100]), at(&[5, 110])], When::EveryThen(0, 1, Reach::Ms(60_000)), "true"),
            ("then, three turns on", [in_run(&[0]), in_run(&[3])], When::Then(0, 1, Reach::Turns(3)), "true"),
            ("then, four turns on", [in_run(&[0]), in_run(&[4])], When::Then(0, 1, Reach::Turns(3)), "false"),
            ("every of none", [at(&[]), at(&[5])], When::EveryThen(0, 1, Reach::Ms(60_000)), "true"),
        ];
        for (name, answers, when, expected) in table {
            let got = match Answers(&Given(&answers)).truth(&when) {
                Truth::True => "true",
                Truth::False => "false",
                Truth::Unknown(why) => why.reason.name(),
            };
            assert_eq!(got, expected, "{name}");
        }
    }

    #[test]
    fn what_is_asked_first_changes_nothing() {
        let why = |reason| Answer::unknown(reason, "");
        let answers = [at(&[1]), at(&[]), unknown(), why(Reason::NoRoles)];
        let names = |name: usize| [name / 16, name / 4 % 4, name % 4];
        for [a, b, c] in (0..64).map(names) {
            let [first, second, third] = [a, b, c].map(|name| answers[name].truth(1));
            let when = When::And(Box::new(When::And(name(a), name(b))), name(c));
            assert_eq!(Answers(&Given(&answers)).truth(&when), first.and(second).and(third), "{a}, {b} and {c}");
        }
    }

    #[test]
    fn the_first_true_name_shows_a_rule() {
        let not = |index| Box::new(When::Not(name(index)));
        let or = || When::Or(name(0), name(1));
        type Case<'a> = (&'a str, [Answer; 3], When, Option<(usize, &'a [i64])>);
        let table: Vec<Case<'_>> = vec![
            ("a name", [at(&[1, 2]), at(&[]), at(&[])], When::Name(0), Some((0, &[1, 2]))),
            ("only not", [at(&[]), at(&[]), at(&[])], When::Not(name(0)), None),
            ("behind not", [at(&[]), at(&[4]), at(&[])], When::And(not(0), name(1)), Some((1, &[4]))),
            (
                "of the true branch",
                [at(&[1]), at(&[]), at(&[3])],
                When::Or(Box::new(When::And(name(0), name(1))), name(2)),
                Some((2, &[3])),
            ),
            ("all of the first excused", [at(&[31, 32]), at(&[3]), at(&[])], or(), Some((1, &[3]))),
            ("some of the first excused", [at(&[1, 32]), at(&[3]), at(&[])], or(), Some((0, &[1, 32]))),
            ("all excused", [at(&[31]), at(&[33]), at(&[])], or(), Some((0, &[31]))),
            ("in order", [at(&[1, 9]), at(&[5]), at(&[])], When::Before(0, 1), Some((0, &[1]))),
            ("followed", [at(&[1, 9]), at(&[11]), at(&[])], When::Then(0, 1, Reach::Ms(2_000)), Some((0, &[9]))),
            ("every", [at(&[1, 9]), at(&[11]), at(&[])], When::EveryThen(0, 1, Reach::Ms(20_000)), Some((0, &[1, 9]))),
        ];
        for (name, answers, when, expected) in table {
            // What starts after half a minute is excused.
            let is_excused = |hit: &Hit| hit.span.is_some_and(|span| span.start_ms > 30_000);
            let got = Answers(&Given(&answers)).shown_by(&when, &is_excused).map(|(name, hits)| {
                let starts = hits.iter().filter_map(|hit| hit.span).map(|span| span.start_ms / 1_000);
                (name, starts.collect::<Vec<_>>())
            });
            assert_eq!(got, expected.map(|(name, starts)| (name, starts.to_vec())), "{name}");
        }
    }

    /// An answer by throws: hits at these seconds, and whether something of it is unexamined.
    fn thrown(starts_s: &[i64], blind: u8) -> Answer {
        let why = Why::new(Reason::NoRoles, "");
        let blind = match blind {
            0 => Blind::Nowhere,
            1 => Blind::Spots(1, why),
            _ => Blind::Everywhere(why),
        };
        Answer { blind, ..at(starts_s) }
    }

    fn answers() -> impl Strategy<Value = [Answer; 3]> {
        let one = (prop::collection::btree_set(0..60_i64, 0..4), 0..3_u8)
            .prop_map(|(starts, blind)| thrown(&starts.into_iter().collect::<Vec<_>>(), blind));
        [one.clone(), one.clone(), one]
    }

    fn expression() -> impl Strategy<Value = When> {
        let reach = prop_oneof![(0..40_000_i64).prop_map(Reach::Ms), (0..4_u32).prop_map(Reach::Turns)];
        let leaf = prop_oneof![
            (0..3_usize).prop_map(When::Name),
            (0..3_usize, 0..3_usize).prop_map(|(a, b)| When::Before(a, b)),
            (0..3_usize, 0..3_usize, reach.clone()).prop_map(|(a, b, reach)| When::Then(a, b, reach)),
            (0..3_usize, 0..3_usize, reach).prop_map(|(a, b, reach)| When::EveryThen(a, b, reach)),
        ];
        leaf.prop_recursive(3, 12, 2, |inner| {
            prop_oneof![
                inner.clone().prop_map(|when| When::Not(Box::new(when))),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| When::And(Box::new(a), Box::new(b))),
                (inner.clone(), inner).prop_map(|(a, b)| When::Or(Box::new(a), Box::new(b))),
            ]
        })
    }

    /// What a truth is, whatever its reason.
    fn value(truth: &Truth) -> u8 {
        match truth {
            Truth::False => 0,
            Truth::Unknown(_) => 1,
            Truth::True => 2,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Strong Kleene logic: min, max and mirror of three values, so De Morgan, double negation, absorption and distribution hold.
        #[test]
        fn kleenes_laws_hold_of_expressions(answers in answers(), a in expression(), b in expression(), c in expression()) {
            let given = Given(&answers);
            let truth = |when: &When| value(&Answers(&given).truth(when));
            let not = |when: &When| When::Not(Box::new(when.clone()));
            let and = |a: &When, b: &When| When::And(Box::new(a.clone()), Box::new(b.clone()));
            let or = |a: &When, b: &When| When::Or(Box::new(a.clone()), Box::new(b.clone()));
            prop_assert_eq!(truth(&not(&a)), 2 - truth(&a));
            prop_assert_eq!(truth(&and(&a, &b)), truth(&a).min(truth(&b)));
            prop_assert_eq!(truth(&or(&a, &b)), truth(&a).max(truth(&b)));
            prop_assert_eq!(truth(&not(&and(&a, &b))), truth(&or(&not(&a), &not(&b))));
            prop_assert_eq!(truth(&and(&a, &or(&a, &b))), truth(&a));
            prop_assert_eq!(truth(&and(&a, &or(&b, &c))), truth(&or(&and(&a, &b), &and(&a, &c))));
        }

        /// What could not be examined can turn an unknown into an answer, and never one answer into the other.
        #[test]
        fn what_is_known_stays_true_when_more_is_known(starts in prop::collection::vec(0..60_i64, 0..6), extra in 0..60_i64, when in expression()) {
            let (known, spots): (Vec<i64>, Vec<i64>) = starts.into_iter().partition(|start| start % 2 == 0);
            let why = Why::new(Reason::NoRoles, "");
            let with = |hits: &[i64], blind: Blind| { let mut hits = hits.to_vec(); hits.sort_unstable(); Answer { blind, ..at(&hits) } };
            let unsure = with(&known, if spots.is_empty() { Blind::Nowhere } else { Blind::Spots(spots.len(), why) });
            let all: Vec<i64> = known.iter().chain(&spots).copied().collect();
            let other = with(&[extra], Blind::Nowhere);
            let before = [unsure, other.clone(), at(&[30])];
            let truth = value(&Answers(&Given(&before)).truth(&when));
            for then in [with(&known, Blind::Nowhere), with(&all, Blind::Nowhere)] {
                let after = [then, other.clone(), at(&[30])];
                let later = value(&Answers(&Given(&after)).truth(&when));
                prop_assert!(truth == 1 || truth == later, "{truth} became {later}: {when:?}");
            }
        }

        /// An order of which one side has no time is unknown, unless a side is not there at all.
        #[test]
        fn an_order_without_times_is_unknown(starts in prop::collection::btree_set(0..60_i64, 0..3), reach in (0..9_000_i64).prop_map(Reach::Ms)) {
            let whole_call = Answer { hits: vec![Hit::measure(None, None, None)], blind: Blind::Nowhere };
            let timed = at(&starts.iter().copied().collect::<Vec<_>>());
            let is_there = !timed.hits.is_empty();
            let answers = [timed, whole_call];
            for when in [When::Before(0, 1), When::Before(1, 0), When::Then(0, 1, reach), When::Then(1, 0, reach)] {
                let expected = if is_there { 1 } else { 0 };
                prop_assert_eq!(value(&Answers(&Given(&answers)).truth(&when)), expected, "{:?}", when);
            }
        }

        #[test]
        fn the_next_hit_is_the_one_that_follows(one in prop::collection::btree_set(0..60_i64, 0..6), other in prop::collection::btree_set(0..60_i64, 0..6), ms in 0..20_000_i64) {
            let (one, other) = [one, other].map(|starts| at(&starts.into_iter().collect::<Vec<_>>()).hits).into();
            let reach = Reach::Ms(ms);
            let follows = |hit: &Hit, next: &Hit| next.span.map(|it| it.start_ms) > hit.span.map(|it| it.start_ms) && reaches(hit, next, reach);
            let slow: Vec<&Hit> = one.iter().filter(|hit| other.iter().any(|next| follows(hit, next))).collect();
            prop_assert_eq!(followed(&one, &other, reach), slow);
        }
    }
}
