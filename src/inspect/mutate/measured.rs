//! Likeness, repeats, entities, shares, answers and earlier calls.

use super::amounts::{amount, reach, reaches, scale, time};
use super::words::{fewer, ignored};
use super::{Changed, instead};
use crate::rules::model::{Answers, EntityFor, History, Latency, Range, Repeats, SimilarTo};

pub(super) fn similar_to(similar: &SimilarTo) -> Changed<SimilarTo> {
    let mut changed =
        fewer(similar, "similar_to without ", &similar.sentences, |similar, left| similar.sentences = left);
    changed.extend(share(similar, similar.similarity_above, |similar, share| similar.similarity_above = share));
    if similar.negation_excludes {
        changed.push((ignored("negation"), SimilarTo { negation_excludes: false, ..similar.clone() }));
    }
    if similar.quotation_excludes {
        changed.push((ignored("quotation"), SimilarTo { quotation_excludes: false, ..similar.clone() }));
    }
    changed
}

pub(super) fn repeats(repeats: &Repeats) -> Changed<Repeats> {
    let mut changed = count(repeats, "repeat_count", repeats.repeat_count, 2, |repeats, count| {
        repeats.repeat_count = count;
    });
    changed.extend(share(repeats, repeats.similarity_above, |repeats, share| repeats.similarity_above = share));
    let chars = repeats.min_chars_count;
    changed.extend([chars.saturating_mul(4) / 5, chars.saturating_mul(6) / 5].map(|other| {
        (instead("min_chars_count", other, chars), Repeats { min_chars_count: other, ..repeats.clone() })
    }));
    if let Some(within) = repeats.within {
        changed.extend(reaches(within).map(|other| {
            (instead("within", reach(other), reach(within)), Repeats { within: Some(other), ..repeats.clone() })
        }));
        changed.push(("within taken out".to_owned(), Repeats { within: None, ..repeats.clone() }));
    }
    changed
}

pub(super) fn entity(entity: &EntityFor) -> Changed<EntityFor> {
    let mut changed = fewer(entity, "of without ", &entity.kinds, |entity, kinds| entity.kinds = kinds);
    changed.extend(range(entity, &entity.value, |entity, value| EntityFor { value, ..entity.clone() }));
    changed.extend(fewer(entity, "differs_from without ", &entity.differs_from, |entity, columns| {
        entity.differs_from = columns;
    }));
    changed
        .extend(fewer(entity, "with without ", &entity.with_phrases, |entity, phrases| entity.with_phrases = phrases));
    changed
        .extend(fewer(entity, "with without lexicon:", &entity.with_lists, |entity, lists| entity.with_lists = lists));
    changed.extend(count(entity, "said_count_at_least", entity.said_count_at_least, 1, |entity, count| {
        entity.said_count_at_least = count;
    }));
    if let Some(complete) = entity.complete {
        changed.extend(
            [None, Some(!complete)]
                .map(|other| (switched("complete", other), EntityFor { complete: other, ..entity.clone() })),
        );
    }
    if let Some(same) = entity.same_as_customer {
        changed.extend([None, Some(!same)].map(|other| {
            (switched("same_as_customer", other), EntityFor { same_as_customer: other, ..entity.clone() })
        }));
    }
    changed
}

/// `whole` with the bounds of `range` flipped, moved and taken out.
pub(super) fn range<T: Clone>(whole: &T, range: &Range, set: impl Fn(&T, Range) -> T) -> Changed<T> {
    let mut changed = Vec::new();
    if range.above.is_some() != range.below.is_some() {
        let flipped = Range { above: range.below, below: range.above };
        changed.push(("above and below flipped".to_owned(), set(whole, flipped)));
    }
    for (key, bound) in [("above", range.above), ("below", range.below)] {
        let Some(bound) = bound else { continue };
        let with = |other: Option<f64>| match key {
            "above" => Range { above: other, ..*range },
            _ => Range { below: other, ..*range },
        };
        changed.extend(
            [0.8, 1.2].map(scale(bound)).map(|other| (instead(key, other, bound), set(whole, with(Some(other))))),
        );
    }
    changed
}

pub(super) fn latency(latency: &Latency) -> Changed<Latency> {
    let mut changed = time(latency, "above", latency.above_ms, |latency, ms| latency.above_ms = ms);
    let others = [Answers::First, Answers::Each, Answers::Mean];
    let others = others.into_iter().filter(|over| *over != latency.over);
    changed.extend(others.map(|over| (instead("over", name(over), name(latency.over)), Latency { over, ..*latency })));
    changed
}

const fn name(over: Answers) -> &'static str {
    match over {
        Answers::First => "first",
        Answers::Each => "turn",
        Answers::Mean => "call",
    }
}

pub(super) fn history(history: &History) -> Changed<History> {
    let mut changed = Vec::new();
    if let Some(least) = history.at_least {
        changed
            .extend(count(history, "calls_at_least_count", least, 0, |history, count| history.at_least = Some(count)));
        let what = instead("calls_at_most_count", least, format!("calls_at_least_count {least}"));
        changed.push((what, History { at_least: None, at_most: Some(least), ..history.clone() }));
    }
    if let Some(most) = history.at_most {
        changed.extend(count(history, "calls_at_most_count", most, 0, |history, count| history.at_most = Some(count)));
    }
    if let Some(ms) = history.within_ms {
        changed.extend(time(history, "within", ms, |history, ms| history.within_ms = Some(ms)));
    }
    if let Some(ms) = history.talk_at_least_ms {
        changed.extend(time(history, "talk_at_least", ms, |history, ms| history.talk_at_least_ms = Some(ms)));
    }
    changed.extend(fewer(history, "callee_role without ", &history.callee_roles, |history, roles| {
        history.callee_roles = roles;
    }));
    if history.same_day {
        changed.push((instead("same_day", false, true), History { same_day: false, ..history.clone() }));
    }
    if history.direction.is_some() {
        changed.push(("direction taken out".to_owned(), History { direction: None, ..history.clone() }));
    }
    changed.extend(flags(history));
    changed
}

/// Each switch the other way, and taken out.
fn flags(history: &History) -> Changed<History> {
    let mut changed = Vec::new();
    let mut other_ways = |key: &str, is: Option<bool>, set: fn(&mut History, Option<bool>)| {
        for other in is.into_iter().flat_map(|is| [None, Some(!is)]) {
            let mut history = history.clone();
            set(&mut history, other);
            changed.push((switched(key, other), history));
        }
    };
    other_ways("answered", history.answered, |history, is| history.answered = is);
    other_ways("same_number", history.same_number, |history, is| history.same_number = is);
    other_ways("stop_requested", history.stop_requested, |history, is| history.stop_requested = is);
    changed
}

fn switched(key: &str, to: Option<bool>) -> String {
    to.map_or_else(|| format!("{key} taken out"), |to| instead(key, to, !to))
}

/// `whole` with one less, not below `least`, and with one more.
fn count<T: Clone>(whole: &T, key: &str, count: u32, least: u32, set: impl Fn(&mut T, u32)) -> Changed<T> {
    let changed = [count.saturating_sub(1).max(least), count.saturating_add(1)].map(|other| {
        let mut changed = whole.clone();
        set(&mut changed, other);
        (instead(key, other, count), changed)
    });
    changed.into()
}

/// A likeness of a fifth less and more, as far as it can be.
fn share<T: Clone>(whole: &T, share: f64, set: impl Fn(&mut T, f64)) -> Changed<T> {
    let changed = amount(whole, "similarity_above", "", share, set);
    // More than the same is nothing.
    if share * 1.2 > 1.0 { changed.into_iter().take(1).collect() } else { changed }
}
