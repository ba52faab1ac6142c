//! Whether a rule is for a call at all.

use super::compile::Compiled;
use super::evaluate::InForce;
use super::kleene::Why;
use super::model::{Kind, RateThreshold, Rule};
use crate::facts::{CallFacts, Facts};
use crate::finding::{Reason, Severity};
use crate::lexicon::matcher::is_same_tongue;
use jiff::civil::Date;

/// Whether a rule is for a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Applies {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// It would be if these columns were filled.
    Lacks(Vec<String>),
    /// Nobody can say.
    Unknown(Why),
}

/// Whether `compiled`, taken to be in use, is for the call of `facts`, whose language is `strange` where no rule is written for it. The
/// cheapest and surest grounds come first, so that what is certainly not applicable is never called unknown.
pub(crate) fn applies(compiled: &Compiled, facts: &Facts, in_force: InForce, strange: Option<&str>) -> Applies {
    let (rule, call) = (&compiled.rule, &facts.call);
    if !is_for(rule, call) || !counts_alike(rule, facts) {
        return Applies::No;
    }
    let (language, date) = (of_language(rule, call, strange), of_date(rule, call, in_force));
    if language == Applies::No || date == Applies::No {
        return Applies::No;
    }
    let mut lacking = lacking(compiled, call).peekable();
    if lacking.peek().is_some() {
        return Applies::Lacks(lacking.cloned().collect());
    }
    if language == Applies::Yes { date } else { language }
}

/// Whether the rule is for what kind of call it was: those it names, or else those that count; red lines for all.
pub(super) fn is_for(rule: &Rule, call: &CallFacts) -> bool {
    match rule.outcomes.is_empty() {
        true => call.eligible || rule.severity == Severity::Fatal,
        false => call.outcome.is_some_and(|outcome| rule.outcomes.contains(&outcome)),
    }
}

/// The columns that the rule needs and the call does not have; where one of several would do, all of them.
pub(super) fn lacking<'c>(compiled: &'c Compiled, call: &'c CallFacts) -> impl Iterator<Item = &'c String> {
    let is_filled = |columns: &&Vec<String>| columns.iter().any(|column| call.metadata.has_column(column));
    compiled.needs.iter().filter(move |columns| !is_filled(columns)).flatten()
}

/// The primary subtag of a BCP 47 tag, which is ASCII.
fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

pub(super) fn of_language(rule: &Rule, call: &CallFacts, strange: Option<&str>) -> Applies {
    match &call.language {
        _ if rule.languages.is_empty() => Applies::Yes,
        None => Applies::Unknown(Why::new(Reason::Language, "nobody says which language the call is in")),
        Some(tag) if rule.languages.iter().any(|of_rule| is_same_tongue(of_rule, tag)) => Applies::Yes,
        Some(_) => strange.map_or(Applies::No, |tag| {
            Applies::Unknown(Why::new(Reason::Language, format!("the call is in {tag}, which no rule is written for")))
        }),
    }
}

pub(super) fn of_date(rule: &Rule, call: &CallFacts, in_force: InForce) -> Applies {
    let bounded = rule.in_force_from.is_some() || rule.in_force_until.is_some();
    let day = match in_force {
        InForce::Ignore => return Applies::Yes,
        InForce::On(day) => day,
        InForce::OwnDay => match call.metadata.started_at {
            _ if !bounded => return Applies::Yes,
            Some(started_at) => started_at.local_date(),
            None => {
                let detail = "nobody says which day the call was on, and the rule is not in force on every day";
                return Applies::Unknown(Why::new(Reason::NoZone, detail));
            }
        },
    };
    let is_in_force = rule.in_force_from.is_none_or(|from: Date| from <= day)
        && rule.in_force_until.is_none_or(|until: Date| day <= until);
    if is_in_force { Applies::Yes } else { Applies::No }
}

/// Whether every rate threshold of the rule is given in what the call's language counts.
pub(super) fn counts_alike(rule: &Rule, facts: &Facts) -> bool {
    let mut rates = rule.look_fors.iter().filter_map(|look| match &look.kind {
        Kind::SpeechRate(rate) => Some(rate),
        _ => None,
    });
    let Some((first, words)) = rates.next().zip(counts_words(facts)) else {
        return true;
    };
    let gives = |threshold: &RateThreshold| {
        if words { threshold.words_per_min.is_some() } else { threshold.chars_per_min.is_some() }
    };
    std::iter::once(first).chain(rates).all(|rate| rate.above.iter().chain(&rate.below).all(gives))
}

/// Whether the call is counted in words rather than characters: as its rates were, else by language.
fn counts_words(facts: &Facts) -> Option<bool> {
    let call = &facts.call;
    let speakers = [&call.agent.rate, &call.customer.rate];
    let mut rates = speakers.into_iter().flatten().chain(facts.turns.iter().filter_map(|turn| turn.rate.as_ref()));
    rates.next().map(|rate| rate.counts == "words").or_else(|| {
        let language = primary(call.language.as_deref()?).to_ascii_lowercase();
        Some(!matches!(language.as_str(), "zh" | "yue" | "cmn" | "wuu" | "nan" | "hak" | "ja"))
    })
}
