//! Words, patterns, excuses and lists.

use super::{Changed, Mutant, instead, without};
use crate::lexicon::List;
use crate::rules::model::{Gather, Patterns, Rule, SilenceFor, Words};
use std::collections::{BTreeMap, BTreeSet};

/// Words without each list, phrase and neighbour, and with each switch the other way.
pub(super) fn words(words: &Words) -> Changed<Words> {
    let mut changed = fewer(words, "words without lexicon:", &words.lists, |words, lists| words.lists = lists);
    changed.extend(fewer(words, "words without ", &words.phrases, |words, phrases| words.phrases = phrases));
    changed.extend(fewer(words, "not_before without ", &words.not_before, |words, phrases| words.not_before = phrases));
    changed.extend(fewer(words, "not_after without ", &words.not_after, |words, phrases| words.not_after = phrases));
    changed.extend(gathered(words));
    if words.negation_excludes {
        changed.push((ignored("negation"), Words { negation_excludes: false, ..words.clone() }));
    }
    if words.quotation_excludes {
        changed.push((ignored("quotation"), Words { quotation_excludes: false, ..words.clone() }));
    }
    if words.sounds_like {
        changed.push((instead("sounds_like", false, true), Words { sounds_like: false, ..words.clone() }));
    }
    changed
}

/// One word instead of several, one more and one less, and anywhere instead of in one turn.
fn gathered(words: &Words) -> Changed<Words> {
    let mut changed = Vec::new();
    if words.gather != Gather::Any {
        changed.push((
            "any of the words".to_owned(),
            Words { gather: Gather::Any, same_utterance: false, ..words.clone() },
        ));
    }
    if let Gather::AtLeast(count) = words.gather {
        changed.extend([count.saturating_sub(1).max(2), count.saturating_add(1)].map(|other| {
            (instead("any_count", other, count), Words { gather: Gather::AtLeast(other), ..words.clone() })
        }));
    }
    if words.same_utterance {
        changed.push((instead("same_utterance", false, true), Words { same_utterance: false, ..words.clone() }));
    }
    changed
}

/// Patterns without each pattern and exception, and with each switch the other way.
pub(super) fn patterns(patterns: &Patterns) -> Changed<Patterns> {
    let mut changed =
        fewer(patterns, "patterns without ", &patterns.patterns, |patterns, left| patterns.patterns = left);
    changed.extend(fewer(patterns, "except without ", &patterns.except, |patterns, left| patterns.except = left));
    changed.extend(fewer(patterns, "differs_from without ", &patterns.differs_from, |patterns, left| {
        patterns.differs_from = left
    }));
    if patterns.negation_excludes {
        changed.push((ignored("negation"), Patterns { negation_excludes: false, ..patterns.clone() }));
    }
    if patterns.quotation_excludes {
        changed.push((ignored("quotation"), Patterns { quotation_excludes: false, ..patterns.clone() }));
    }
    changed
}

/// A silence without each list and phrase that excuses it.
pub(super) fn excuses(silence: &SilenceFor) -> Changed<SilenceFor> {
    let (lists, phrases) = (&silence.unless_after_lists, &silence.unless_after_phrases);
    let mut changed = fewer(silence, "unless_after without lexicon:", lists, |silence, lists| {
        silence.unless_after_lists = lists;
    });
    changed.extend(fewer(silence, "unless_after without ", phrases, |silence, phrases| {
        silence.unless_after_phrases = phrases;
    }));
    changed
}

/// `rule` with each of its lists in turn without its innocent phrases.
pub(super) fn broken_lists<'a>(rule: &'a Rule, lists: &'a BTreeMap<String, List>) -> impl Iterator<Item = Mutant> + 'a {
    let named: BTreeSet<&String> = rule.look_fors.iter().flat_map(|look| look.kind.lists()).collect();
    let guarded = named.into_iter().filter_map(|id| lists.get(id)).filter(|list| !list.never.is_empty());
    guarded.map(|list| Mutant {
        rule: rule.clone(),
        list: Some(List { never: Vec::new(), ..list.clone() }),
        what: format!("lexicon:{} without never", list.id),
    })
}

/// `whole` without each of `items`, which are lists, phrases or patterns; `what` stands before the item in what is said.
pub(super) fn fewer<T: Clone, I: Clone + AsRef<str>>(
    whole: &T,
    what: &str,
    items: &[I],
    set: impl Fn(&mut T, Vec<I>),
) -> Changed<T> {
    let changed = items.iter().enumerate().map(|(at, item)| {
        let mut changed = whole.clone();
        set(&mut changed, without(items, at));
        (format!("{what}{}", item.as_ref()), changed)
    });
    changed.collect()
}

pub(super) fn ignored(key: &str) -> String {
    instead(key, "ignored", "excludes")
}
