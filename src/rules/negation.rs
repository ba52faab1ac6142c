//! Whether a hit is denied, or only repeats what somebody says.
//!
//! Both look at the hit's clause alone, by words and distance; grammar is not parsed. The words come
//! from the lists `zh/negation` and `zh/quotation`, whose `never` phrases take care of 再不, 要不 and
//! the like; what stands here is how such words combine.

mod behind;
mod english;
mod reported;

use crate::lexicon::matcher::{Found, Stop, is_han, leftmost_longest};
use std::ops::Range;

/// How many characters may stand between a negator and the hit it governs.
const NEGATION_REACH_CHARS: usize = 4;
/// And where what it governs comes only behind an object, a reason or whom it lets: 不会把这件事告诉….
const FAR_NEGATION_REACH_CHARS: usize = 16;
/// What starts such an object or reason.
const OBJECTS: [&str; 5] = ["把", "我们把", "让", "因为", "为了"];
/// What makes a question or a warning of the negators behind it, by which what they deny is threatened: 别以为我们不会, 看我不.
const RHETORICAL: [&str; 13] = [
    "以为",
    "难道",
    "看我",
    "咋",
    "don't think",
    "don't assume",
    "why don't you",
    "not that we",
    "not that i",
    "not like i",
    "凭什么不",
    "you think we",
    "you think i",
];
/// How many characters may stand between the two of a double negative, such as 说 in 没说不.
const DOUBLE_REACH_CHARS: usize = 2;
/// How far before a hit a chain of negators is followed; also what keeps endless text cheap.
const CHAIN_REACH_BYTES: usize = 120;
/// How far before a hit an opener of quotation reaches where the engine writes no punctuation: 100 characters.
const QUOTATION_REACH_BYTES: usize = 300;

/// Words after a negator that leave the hit under it: 不 一定 会 …, 不 需要 ….
const MODALS: [&str; 19] = [
    "马上就",
    "立刻就",
    "一定",
    "人",
    "可能",
    "需要",
    "应该",
    "必要",
    "必须",
    "必",
    "再",
    "太",
    "敢",
    "能",
    "可以",
    "想",
    "打算",
    "准备",
    "是",
];
/// Words after a negator that carry it on to what they introduce: 没说会 …, 不要求 ….
const CARRIERS: [&str; 6] = ["说", "讲", "要求", "表示", "告诉", "允许"];
/// Rights, plans and promises: where one of these is denied, so is what it is about, further on.
const HEADS: [&str; 20] = [
    "权力",
    "权利",
    "资格",
    "意思",
    "打算",
    "计划",
    "想法",
    "说过",
    "讲过",
    "提过",
    "答应",
    "承诺",
    "保证",
    "要求过",
    "任何人",
    "任何同事",
    "哪个人",
    "义务",
    "理由",
    "必要",
];
/// What a debtor leaves undone: the negator governs it, and the hit is what follows from it.
const OMISSIONS: [&str; 13] =
    ["还款", "还钱", "还上", "还清", "接", "处理", "配合", "交", "付", "缴", "联系", "履行", "结清"];
/// What opens the consequence of a condition, wherever it stands.
const CONSEQUENCES: [&str; 5] = ["就", "只能", "只好", "那", "则"];
/// What opens it only after another verb: 不会派人 is a denial, 不还会派人 a threat.
const LATER_CONSEQUENCES: [&str; 7] = ["会", "将", "我", "咱", "马上", "立刻", "直接"];
/// Negators that stutter or answer before another one (不不会, 没有不会) rather than deny it.
const BARE: [&str; 4] = ["不", "没", "没有", "别"];
/// Whoever is quoted by an opener that starts so is the listener, and only for a clause: 您说….
const LISTENER: [char; 2] = ['您', '你'];

/// A text with the negators and openers of quotation in it, by start; they may overlap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) text: &'a str,
    pub(crate) stops: &'a [Stop],
    pub(crate) negators: &'a [Found],
    pub(crate) openers: &'a [Found],
}

impl Context<'_> {
    /// Whether the hit is denied: an odd number of negators governs it, in its clause.
    pub(crate) fn is_negated(&self, hit: &Range<usize>) -> bool {
        let clause = self.clause_before(hit);
        if RHETORICAL.iter().any(|word| clause.contains(word)) {
            return false;
        }
        self.text[hit.clone()].chars().next().is_some_and(|first| !is_han(first)) && english::is_negated(clause)
            || self.is_negated_in_characters(hit)
            || behind::is_denied_behind(self.text, self.stops, hit)
    }

    /// Whether the hit is what somebody else says: an opener stands before it in its clause, or ends
    /// the clause before, or warns of it earlier in the sentence.
    pub(crate) fn is_quoted(&self, hit: &Range<usize>) -> bool {
        let clause = self.start(hit.start, false);
        let sentence = self.start(hit.start, true);
        if reported::is_reported(self.clause_before(hit)) {
            return true;
        }
        within(self.openers, reach(sentence, hit, QUOTATION_REACH_BYTES)).iter().any(|opener| {
            let opens = &self.text[opener.range()];
            let of_listener = opens.starts_with(LISTENER) || opens.starts_with("you ");
            let in_clause = opener.start >= clause;
            let leads = self.text[opener.end..clause.max(opener.end)].chars().count() <= 1;
            match (of_listener, in_clause) {
                (false, _) => true,
                (true, true) => !turns_back(&self.text[opener.end..hit.start]),
                (true, false) => leads,
            }
        })
    }

    fn is_negated_in_characters(&self, hit: &Range<usize>) -> bool {
        let negators = within(self.negators, reach(self.start(hit.start, false), hit, CHAIN_REACH_BYTES));
        let mut chain = negators.iter().rev().filter(|negator| !self.is_choice(negator, &negators));
        let Some(nearest) = chain.next() else {
            return false;
        };
        let between = &self.text[nearest.end..hit.start];
        let says_no_such = says_no_such(&self.text[nearest.start..hit.start]);
        let object = between.strip_prefix('会').unwrap_or(between);
        let is_far = OBJECTS.iter().any(|word| object.starts_with(word)) || says_no_such;
        let reach = if is_far { FAR_NEGATION_REACH_CHARS } else { NEGATION_REACH_CHARS };
        if self.gap(nearest.end, hit.start) > reach || !governs(between) && !says_no_such {
            return false;
        }
        let mut inner = nearest;
        let mut odd = true;
        for outer in chain {
            if self.gap(outer.end, inner.start) > DOUBLE_REACH_CHARS {
                break;
            }
            odd ^= self.denies(outer, inner);
            inner = outer;
        }
        odd
    }

    /// Whether the negator is half of a choice (会不会, 是不是, 有没有) and not a repetition (没有没有).
    fn is_choice(&self, negator: &Found, negators: &[Found]) -> bool {
        let before = self.text[..negator.start].chars().next_back();
        before.is_some()
            && before == self.text[negator.start..].chars().nth(1)
            && !negators.iter().any(|other| other.end == negator.start)
    }

    /// Whether `outer` denies `inner` (不是不, 不可能不) rather than stutters or answers before it.
    fn denies(&self, outer: &Found, inner: &Found) -> bool {
        let (first, second) = (&self.text[outer.range()], &self.text[inner.range()]);
        let apart = outer.end < inner.start;
        apart || (first != second && (!BARE.contains(&first) || second == "不"))
    }

    /// What stands before the hit in its clause, as far as a chain of negators is followed.
    fn clause_before(&self, hit: &Range<usize>) -> &str {
        let before = reach(self.start(hit.start, false), hit, CHAIN_REACH_BYTES);
        &self.text[self.text.ceil_char_boundary(before.start)..before.end]
    }

    /// Where the clause or sentence that `at` stands in starts.
    fn start(&self, at: usize, sentence: bool) -> usize {
        let before = self.stops.partition_point(|stop| stop.at <= at);
        self.stops[..before].iter().rev().find(|stop| stop.sentence || !sentence).map_or(0, |stop| stop.at)
    }

    fn gap(&self, from: usize, to: usize) -> usize {
        self.text[from..to].chars().filter(|c| !c.is_whitespace()).count()
    }
}

/// From `start` to the hit, but no further back than `reach_bytes`.
fn reach(start: usize, hit: &Range<usize>, reach_bytes: usize) -> Range<usize> {
    start.max(hit.start.saturating_sub(reach_bytes))..hit.start
}

/// What of `found` lies inside `bytes`, leftmost-longest. It is settled here and not for the whole text: before
/// 去投诉 the negator is 不会, though 不会去 is one too.
fn within(found: &[Found], bytes: Range<usize>) -> Vec<Found> {
    let first = found.partition_point(|one| one.start < bytes.start);
    let inside = found[first..].iter().take_while(|one| one.start < bytes.end).filter(|one| one.end <= bytes.end);
    let mut inside: Vec<Found> = inside.copied().collect();
    leftmost_longest(&mut inside);
    inside
}

/// Whether a negator reaches over `gap`, the text between it and the hit, rather than governs another
/// verb in it, of which the hit is the consequence.
fn governs(gap: &str) -> bool {
    let mut rest = gap;
    while let Some(further) = MODALS.iter().find_map(|modal| rest.strip_prefix(modal)) {
        rest = further;
    }
    if CARRIERS.iter().any(|carrier| rest.starts_with(carrier)) || rest.starts_with("因为") {
        return true;
    }
    let mut later = rest.chars();
    let leaves_undone = OMISSIONS.iter().any(|verb| rest.starts_with(verb)) || rest == "还";
    later.next();
    !leaves_undone
        && !CONSEQUENCES.iter().any(|word| rest.contains(word))
        && !LATER_CONSEQUENCES.iter().any(|word| later.as_str().contains(word))
}

/// Whether what the negator at the start of `from` denies is that anybody has a right to, plans or promised what follows:
/// 没在电话里答应过给你….
fn says_no_such(from: &str) -> bool {
    let head = HEADS.iter().filter_map(|head| from.find(head).map(|at| at + head.len())).min();
    head.is_some_and(|end| !CONSEQUENCES.iter().any(|word| from[end..].contains(word)))
}

/// Whether the speaker comes back to his own words after quoting: 您说没钱 我就 ….
fn turns_back(between: &str) -> bool {
    ["我就", "我们就", "那我", "那就", "我只能", "我们只能", "we will", "we'll", "i will", "i'll"]
        .iter()
        .any(|word| between.find(word).is_some_and(|at| at > 0))
}

#[cfg(test)]
mod tests {
    use super::super::model::{Kind, Patterns, Rule, Words};
    use super::super::testing::{outcome, rule, said, strings, written};
    use crate::units::Role;
    use proptest::prelude::*;

    fn threat(phrases: &[&str]) -> Rule {
        let words =
            Words { phrases: strings(phrases), negation_excludes: true, quotation_excludes: true, ..Words::default() };
        rule(Kind::Words(words))
    }

    fn counts(rule: &Rule, text: &str) -> bool {
        outcome(rule, &said(&[(0, Role::Agent, text)])) == "1 findings"
    }

    #[test]
    fn a_denied_hit_does_not_count() {
        let rule = threat(&["派人", "去派人", "上门", "坐牢"]);
        let table = [
            ("a plain threat", "我们会派人到你家", true),
            ("will not", "我们不会派人到你家,请放心", false),
            ("not", "我们不派人", false),
            ("four characters on", "不一定需要派人", false),
            ("within four characters", "不打算给您派人", false),
            ("five characters on", "不给你们家里派人", true),
            ("in the clause before", "你不还,我们派人到你家", true),
            ("an answer before a comma", "不,我们派人", true),
            ("an enumeration comma", "不会打人、派人", false),
            ("never", "我们绝不派人", false),
            ("could not possibly", "不可能会派人", false),
            ("nobody will", "没有人会派人", false),
            ("did not say so", "没说会派人", false),
            ("no need", "无需派人", false),
            ("not any more", "不再会派人", false),
            ("behind the hit", "派人不会的", true),
            ("spaces and punctuation of the engine", "我们 不 会 派 人。", false),
            ("another sentence", "我没有钱。派人吧", true),
            ("a longer negator would reach into the hit", "不会去派人", false),
        ];
        for (name, text, expected) in table {
            assert_eq!(counts(&rule, text), expected, "{name}: {text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_denial_counts() {
        let rule = threat(&["派人", "上门", "坐牢"]);
        let table = [
            ("if not any more", "再不还款派人到你家"),
            ("or else", "要不派人去"),
            ("otherwise", "不然派人到你家"),
            ("do not think we dare not", "别以为不派人"),
            ("is it that we do not", "难道不派人吗"),
            ("not to scare you", "不是吓唬你派人"),
            ("a double negative", "我们不是不派人"),
            ("a double negative of will", "不会不派人的"),
            ("a double negative of could", "不可能不派人"),
            ("there is no not", "没有不上门的"),
            ("did not say not", "没说不派人"),
            ("it is not that we will not", "不是不会派人"),
            ("a condition with then", "不还款就派人"),
            ("a condition with we", "不还钱我们上门"),
            ("a condition with will", "不还会派人"),
            ("a condition without a sign of it", "不还款派人"),
            ("not picking up", "不接电话派人"),
            ("a condition with if", "如果不还就只能上门"),
            ("not repaying leads to prison", "不处理将坐牢"),
            ("a choice", "会不会派人"),
            ("a choice of being", "是不是要派人"),
            ("a choice of having", "有没有派人"),
        ];
        for (name, text) in table {
            assert!(counts(&rule, text), "{name}: {text}");
        }
    }

    #[test]
    fn stuttered_denials_stay_denials() {
        let rule = threat(&["派人"]);
        for text in ["不不会派人", "没有没有不会派人", "没有不会派人", "不会不会派人"] {
            assert!(!counts(&rule, text), "{text}");
        }
    }

    #[test]
    fn english_denials_stand_within_five_words() {
        let rule = threat(&["visit", "send someone"]);
        let table = [
            ("plain", "We will visit your home", true),
            ("not", "We will not visit your home", false),
            ("contraction", "We won't ever visit you", false),
            ("curly contraction", "We won’t visit you", false),
            ("three words", "We are not going to visit", false),
            ("four words", "We do not now plan to visit", false),
            ("eight words", "We do not now really plan on ever going to visit", true),
            ("nobody", "nobody is going to visit you", false),
            ("a warning", "don't think we won't visit you", true),
            ("why not", "why don't you visit us", true),
            ("never", "we never visit", false),
            ("in the clause before", "If you do not, expect a visit", true),
            ("a condition", "if you don't pay we'll visit", true),
            ("a condition of the listener", "if you do not pay today you will see us visit", true),
            ("an opinion", "i do not think you will visit", false),
            ("not only", "we will not only visit", true),
            ("a double negative", "we cannot not visit", true),
            ("several words", "we can't send someone", false),
        ];
        for (name, text, expected) in table {
            assert_eq!(counts(&rule, text), expected, "{name}: {text}");
        }
    }

    #[test]
    fn a_quoted_hit_does_not_count() {
        let rule = threat(&["派人", "坐牢"]);
        let table = [
            ("you say", "您说我们派人到您家", false),
            ("you say, then a comma", "您说,派人到您家", false),
            ("you say so, but we will", "您说没钱,那我们派人到你家", true),
            ("you say so, in one breath", "您说没钱我就派人", true),
            ("you said something else before", "你说的我知道,派人去了", true),
            ("if somebody says", "如果有人说要坐牢,请报警", false),
            ("if somebody says, then a comma", "如果有人说,您要坐牢", false),
            ("beware of", "谨防有人冒充公安,说要坐牢", false),
            ("beware in another sentence", "谨防诈骗。我们派人到你家", true),
            ("an opener behind", "派人到你家您说好不好", true),
        ];
        for (name, text, expected) in table {
            assert_eq!(counts(&rule, text), expected, "{name}: {text}");
        }
    }

    #[test]
    fn neither_matters_where_the_rule_ignores_them() {
        let rule = rule(Kind::Words(Words { phrases: strings(&["派人"]), ..Words::default() }));
        assert!(counts(&rule, "我们不会派人") && counts(&rule, "您说派人"));
    }

    proptest! {
        #[test]
        fn any_text_around_a_hit_is_judged(
            before in "[他我们说讲不会没这种事的是,。?😀é█a 跟把让]{0,16}|\\PC{0,12}",
            behind in "[这种事的我们是不会没有,。?😀é█a no]{0,16}|\\PC{0,12}",
        ) {
            let text = format!("{before}派人{behind}");
            let patterns = Patterns {
                patterns: written(&[".?派人.?"]),
                negation_excludes: true,
                quotation_excludes: true,
                ..Patterns::default()
            };
            for rule in [threat(&["派人"]), rule(Kind::Patterns(patterns))] {
                outcome(&rule, &said(&[(0, Role::Agent, &text)]));
            }
        }
    }
}
