//! Rules and lists made ready to judge: words in one automaton, patterns compiled, names resolved.

use super::alike::Sentence;
use super::kinds::call::is_fact;
use super::model::{EntityFor, Gather, Kind, LookFor, Patterns, Rule, When, Words};
use super::pattern::Pattern;
use super::pattern_book::{PatternBook, PatternBookBuilder};
use super::scanned::Memory;
use super::speakers::Speakers;
use super::telling::{Telling, TellingBuilder};
use super::whitelist::{Approved, Script};
use crate::finding::{Evaluated, RuleStatus};
use crate::lexicon::matcher::{ListIndex, Matcher, MatcherBuilder, Normalised};
use crate::lexicon::sounds::{Sounds, SoundsBuilder};
use crate::lexicon::{List, NEGATION, QUOTATION};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// The shortest silence that facts hold, ms; see [`crate::facts::CallFacts::silences`].
pub(super) const SHORTEST_SILENCE_MS: i64 = 3_000;

/// Rules that are ready to judge calls. See [`Ruleset::judge`].
#[derive(Clone, Debug)]
pub struct Ruleset {
    pub(super) rules: Vec<Compiled>,
    pub(super) matcher: Matcher,
    pub(super) patterns: PatternBook,
    pub(super) negators: Vec<ListIndex>,
    pub(super) openers: Vec<ListIndex>,
    pub(super) sounds: Sounds,
    /// The languages that rules in use are written for, as they name them.
    pub(super) languages: BTreeSet<String>,
    /// Approved scripts that excuse findings of some of the rules.
    pub(super) scripts: Vec<Approved>,
    /// Which texts may hold anything.
    pub(super) telling: Telling,
    /// What was found in passages of late.
    pub(super) memory: Memory,
}

impl Ruleset {
    /// The rules, by id, those that do not judge included.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|compiled| &compiled.rule)
    }

    /// These rules, taken for some of `whole`: a language is without rules where `whole` has none for it.
    #[must_use]
    pub fn as_part_of(mut self, whole: &Self) -> Self {
        self.languages.clone_from(&whole.languages);
        self
    }
}

/// Why rules do not compile.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// A rule names a list that is not there.
    #[error("rule {rule}, look_for {look_for}: there is no list {list}; add lexicons/{list}.toml or correct the name")]
    UnknownList {
        /// The rule's id.
        rule: String,
        /// The condition.
        look_for: String,
        /// The list's id.
        list: String,
    },
    /// `where = "after NAME …"` or `"before NAME …"` names no other condition of the rule, or leads round in a circle.
    #[error(
        "rule {rule}, look_for {look_for}: `where` follows {name:?}, which is no earlier condition; name another one"
    )]
    BadPlace {
        /// The rule's id.
        rule: String,
        /// The condition.
        look_for: String,
        /// What it follows.
        name: String,
    },
    /// `report.when` names a condition by a number that the rule does not have.
    #[error("rule {rule}: `report.when` names a condition that the rule does not have")]
    BadWhen {
        /// The rule's id.
        rule: String,
    },
    /// A list of days has something that is no day.
    #[error("rule {rule}, look_for {look_for}: the list {list} of days has {term:?}; write days as 20261001")]
    NoDay {
        /// The rule's id.
        rule: String,
        /// The condition.
        look_for: String,
        /// The list's id.
        list: String,
        /// What is no day.
        term: String,
    },
    /// Shorter silences than facts hold.
    #[error(
        "rule {rule}, look_for {look_for}: silences are known from {SHORTEST_SILENCE_MS} ms on; raise `longer_than`"
    )]
    SilenceTooShort {
        /// The rule's id.
        rule: String,
        /// The condition.
        look_for: String,
    },
}

impl CompileError {
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownList { .. } => "unknown_list",
            Self::BadPlace { .. } => "bad_place",
            Self::BadWhen { .. } => "bad_when",
            Self::NoDay { .. } => "no_day",
            Self::SilenceTooShort { .. } => "silence_too_short",
        }
    }
}

/// Compiles rules with the lists they name. Negators and openers of quotation come from the lists
/// named `…/negation` and `…/quotation`; without them nothing but English `not` is known to negate.
///
/// # Errors
///
/// The first mistake found, in the order of rules' ids.
pub fn compile(rules: &[Rule], lists: &BTreeMap<String, List>) -> Result<Ruleset, CompileError> {
    compile_with(rules, lists, &[])
}

/// Compiles rules as [`compile`] does, with the scripts that excuse what they find; of two that excuse the same, the first is
/// named.
///
/// # Errors
///
/// As [`compile`].
pub fn compile_with(
    rules: &[Rule],
    lists: &BTreeMap<String, List>,
    scripts: &[Script],
) -> Result<Ruleset, CompileError> {
    let mut gather = Gathered {
        lists,
        matcher: MatcherBuilder::default(),
        index_of: BTreeMap::new(),
        sounds: SoundsBuilder::default(),
        sound_of: BTreeMap::new(),
        patterns: PatternBookBuilder::default(),
        telling: TellingBuilder::of(rules.iter().flat_map(|rule| &rule.look_fors).map(|look| &look.kind)),
    };
    let mut sorted: Vec<&Rule> = rules.iter().collect();
    sorted.sort_by(|left, right| left.id.cmp(&right.id));
    let (languages, scripts) = (languages(rules), gather.scripts(scripts, rules));
    let rules = sorted.into_iter().map(|rule| gather.rule(rule)).collect::<Result<_, _>>()?;
    let negators = gather.lists_named(NEGATION);
    let openers = gather.lists_named(QUOTATION);
    let Gathered { matcher, sounds, patterns, telling, .. } = gather;
    let (matcher, sounds, patterns, telling) = (matcher.build(), sounds.build(), patterns.build(), telling.build());
    let memory = Memory::default();
    Ok(Ruleset { rules, matcher, patterns, negators, openers, sounds, languages, scripts, telling, memory })
}

fn languages(rules: &[Rule]) -> BTreeSet<String> {
    let in_use = rules.iter().filter(|rule| matches!(rule.status, RuleStatus::Active | RuleStatus::Trial));
    in_use.flat_map(|rule| &rule.languages).cloned().collect()
}

/// A rule, ready.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) rule: Rule,
    /// What is noted where it has an answer.
    pub(crate) evaluated: Arc<Evaluated>,
    /// Columns of the call that must be filled: of each group, one at least.
    pub(crate) needs: BTreeSet<Vec<String>>,
    /// What to search for, by condition.
    pub(crate) searches: Vec<Search>,
    /// Conditions in an order in which each stands behind the one its place depends on.
    pub(crate) order: Vec<usize>,
}

/// What a condition searches for in texts.
#[derive(Clone, Debug)]
pub(crate) enum Search {
    /// Words of these entries; not right before, not right after these phrases (normalised).
    Words { entries: Vec<Entry>, not_before: Vec<String>, not_after: Vec<String> },
    /// Words of these lists, which bear on what is looked for in something else than words.
    Beside(Vec<ListIndex>),
    /// Sentences, in the order in which they are written.
    Sentences(Vec<Sentence>),
    /// Days.
    Days(BTreeSet<Date>),
    /// These patterns, except what overlaps those.
    Patterns { patterns: Range<usize>, except: Range<usize> },
    /// Nothing.
    Nothing,
}

/// Words that are searched for together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) lists: Vec<ListIndex>,
    /// Numbers of what is searched for by its sound.
    pub(crate) sounds: Vec<usize>,
}

/// What is gathered while rules compile.
struct Gathered<'a> {
    lists: &'a BTreeMap<String, List>,
    matcher: MatcherBuilder,
    index_of: BTreeMap<&'a str, ListIndex>,
    sounds: SoundsBuilder,
    sound_of: BTreeMap<&'a str, usize>,
    patterns: PatternBookBuilder,
    telling: TellingBuilder,
}

impl<'a> Gathered<'a> {
    fn rule(&mut self, rule: &Rule) -> Result<Compiled, CompileError> {
        let order = order(rule)?;
        if !names_exist(&rule.report.when, rule.look_fors.len()) {
            return Err(CompileError::BadWhen { rule: rule.id.clone() });
        }
        let searches = rule.look_fors.iter().map(|look| self.search(rule, look)).collect::<Result<_, _>>()?;
        let mut needs: BTreeSet<Vec<String>> = rule.needs.iter().map(|column| vec![column.clone()]).collect();
        needs.extend(rule.look_fors.iter().flat_map(needed_columns));
        let evaluated = Evaluated { rule: rule.id.clone(), category: rule.category.clone() }.into();
        Ok(Compiled { rule: rule.clone(), evaluated, needs, searches, order })
    }

    fn search(&mut self, rule: &Rule, look: &LookFor) -> Result<Search, CompileError> {
        match &look.kind {
            Kind::Words(words) => Ok(Search::Words {
                entries: self.entries(rule, look, words)?,
                not_before: normal(&words.not_before),
                not_after: normal(&words.not_after),
            }),
            Kind::Patterns(patterns) => {
                patterns.patterns.iter().for_each(|pattern| self.telling.pattern(pattern, look.speakers));
                let (patterns, except) = (self.patterns(&patterns.patterns), self.patterns(&patterns.except));
                Ok(Search::Patterns { patterns, except })
            }
            Kind::Silence(silence) if silence.longer_than_ms < SHORTEST_SILENCE_MS => {
                Err(CompileError::SilenceTooShort { rule: rule.id.clone(), look_for: look.name.clone() })
            }
            Kind::Silence(silence) => {
                let (phrases, lists) = (&silence.unless_after_phrases, &silence.unless_after_lists);
                self.tell(phrases, lists, false, Speakers::ANYONE);
                Ok(Search::Beside(self.words(rule, look, phrases, lists)?))
            }
            Kind::Entity(entity) => {
                self.tell(&entity.with_phrases, &entity.with_lists, false, Speakers::ANYONE);
                Ok(Search::Beside(self.words(rule, look, &entity.with_phrases, &entity.with_lists)?))
            }
            Kind::SimilarTo(similar) => Ok(Search::Sentences(sentences(&similar.sentences))),
            Kind::Call(call) if !call.days.is_empty() => Ok(Search::Days(self.days(rule, look, &call.days)?)),
            _ => Ok(Search::Nothing),
        }
    }

    /// What a condition on words searches for: all of it together, or each list and phrase by itself where all must be said.
    fn entries(&mut self, rule: &Rule, look: &LookFor, words: &Words) -> Result<Vec<Entry>, CompileError> {
        let mut entry = |phrases: &[String], lists: &[String]| {
            let sounds = if words.sounds_like { self.sounds(phrases, lists) } else { Vec::new() };
            self.tell(phrases, lists, words.sounds_like, look.speakers);
            Ok(Entry { lists: self.words(rule, look, phrases, lists)?, sounds })
        };
        if words.gather != Gather::All {
            return Ok(vec![entry(&words.phrases, &words.lists)?]);
        }
        let lists = words.lists.iter().map(|list| (&[][..], std::slice::from_ref(list)));
        let phrases = words.phrases.iter().map(|phrase| (std::slice::from_ref(phrase), &[][..]));
        lists.chain(phrases).map(|(phrases, lists)| entry(phrases, lists)).collect()
    }

    fn days(&self, rule: &Rule, look: &LookFor, ids: &[String]) -> Result<BTreeSet<Date>, CompileError> {
        let mut days = BTreeSet::new();
        for id in ids {
            let unknown =
                || CompileError::UnknownList { rule: rule.id.clone(), look_for: look.name.clone(), list: id.clone() };
            for term in &self.lists.get(id).ok_or_else(unknown)?.terms {
                let day = Date::strptime("%Y%m%d", term).map_err(|_| CompileError::NoDay {
                    rule: rule.id.clone(),
                    look_for: look.name.clone(),
                    list: id.clone(),
                    term: term.clone(),
                })?;
                days.insert(day);
            }
        }
        Ok(days)
    }

    fn words(
        &mut self,
        rule: &Rule,
        look: &LookFor,
        phrases: &[String],
        ids: &[String],
    ) -> Result<Vec<ListIndex>, CompileError> {
        let mut lists = Vec::new();
        for id in ids {
            lists.push(self.list(id).ok_or_else(|| CompileError::UnknownList {
                rule: rule.id.clone(),
                look_for: look.name.clone(),
                list: id.clone(),
            })?);
        }
        if !phrases.is_empty() {
            lists.push(self.matcher.phrases(phrases));
        }
        Ok(lists)
    }

    /// Notes that words of these phrases and lists are looked for in what `speakers` say.
    fn tell(&mut self, phrases: &[String], lists: &[String], by_sound: bool, speakers: Speakers) {
        let terms = lists.iter().filter_map(|id| self.lists.get(id)).flat_map(|list| &list.terms);
        self.telling.words(terms.chain(phrases), by_sound, speakers);
    }

    /// Numbers of the lists and phrases by their sound; lists that are not there are found missing before.
    fn sounds(&mut self, phrases: &[String], lists: &[String]) -> Vec<usize> {
        let mut sounds = Vec::new();
        for (id, list) in lists.iter().filter_map(|id| self.lists.get_key_value(id)) {
            sounds.push(*self.sound_of.entry(id).or_insert_with(|| self.sounds.list(list)));
        }
        if !phrases.is_empty() {
            sounds.push(self.sounds.phrases(phrases));
        }
        sounds
    }

    fn list(&mut self, id: &str) -> Option<ListIndex> {
        if let Some(&index) = self.index_of.get(id) {
            return Some(index);
        }
        let (id, list) = self.lists.get_key_value(id)?;
        let index = self.matcher.list(list);
        self.index_of.insert(id, index);
        Some(index)
    }

    /// The scripts that excuse findings of any of these rules.
    fn scripts(&mut self, scripts: &[Script], rules: &[Rule]) -> Vec<Approved> {
        let excuses = |script: &&Script| rules.iter().any(|rule| script.rules.contains(&rule.id));
        let ready = |script: &Script| Approved { script: script.clone(), texts: self.matcher.phrases(&script.texts) };
        scripts.iter().filter(excuses).map(ready).collect()
    }

    fn lists_named(&mut self, ending: &str) -> Vec<ListIndex> {
        let lists = self.lists;
        lists.keys().filter(|id| id.ends_with(ending)).filter_map(|id| self.list(id)).collect()
    }

    /// The numbers of these patterns among all.
    fn patterns(&mut self, patterns: &[Pattern]) -> Range<usize> {
        let first = self.patterns.len();
        patterns.iter().for_each(|pattern| self.patterns.add(pattern));
        first..self.patterns.len()
    }
}

/// Conditions in an order in which each stands behind the one its place depends on.
fn order(rule: &Rule) -> Result<Vec<usize>, CompileError> {
    let mut order: Vec<usize> = Vec::new();
    while order.len() < rule.look_fors.len() {
        let is_ready = |index: &usize| {
            let named = rule.look_fors[*index].place.named();
            named.is_none_or(|name| order.iter().any(|&earlier| rule.look_fors[earlier].name == name))
        };
        let mut waiting = (0..rule.look_fors.len()).filter(|index| !order.contains(index));
        match waiting.clone().find(is_ready) {
            Some(next) => order.push(next),
            None => {
                let stuck = waiting.next().map(|index| &rule.look_fors[index]);
                return Err(bad_place(rule, stuck));
            }
        }
    }
    Ok(order)
}

fn bad_place(rule: &Rule, stuck: Option<&LookFor>) -> CompileError {
    let name = stuck.and_then(|look| look.place.named()).unwrap_or_default().to_owned();
    let look_for = stuck.map_or_else(String::new, |look| look.name.clone());
    CompileError::BadPlace { rule: rule.id.clone(), look_for, name }
}

fn names_exist(when: &When, count: usize) -> bool {
    match when {
        When::Name(name) => *name < count,
        When::Not(inner) => names_exist(inner, count),
        When::And(left, right) | When::Or(left, right) => names_exist(left, count) && names_exist(right, count),
        When::Before(a, b) | When::Then(a, b, _) | When::EveryThen(a, b, _) => *a < count && *b < count,
    }
}

/// Columns that a condition cannot do without: of each group, one at least.
pub(crate) fn needed_columns(look: &LookFor) -> Vec<Vec<String>> {
    let one = |column: &str| vec![column.to_owned()];
    match &look.kind {
        Kind::Call(call) => {
            let is_dated = call.between.is_some() || !call.weekdays.is_empty() || !call.days.is_empty();
            let column = call.column.as_ref().filter(|it| !is_fact(&it.column)).map(|it| one(&it.column));
            is_dated.then(|| one("started_at")).into_iter().chain(column).collect()
        }
        Kind::History(_) => vec![one("customer_id"), one("started_at")],
        Kind::Entity(EntityFor { differs_from, .. }) | Kind::Patterns(Patterns { differs_from, .. })
            if !differs_from.is_empty() =>
        {
            vec![differs_from.clone()]
        }
        _ => Vec::new(),
    }
}

fn sentences(written: &[String]) -> Vec<Sentence> {
    written.iter().map(|sentence| Sentence::of(Normalised::of(sentence).text())).collect()
}

fn normal(phrases: &[String]) -> Vec<String> {
    let normal = phrases.iter().map(|phrase| Normalised::of(phrase).text().to_owned());
    normal.filter(|phrase| !phrase.is_empty()).collect()
}
