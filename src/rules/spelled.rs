//! What was read of a rule, in words again: for people who ask why it reports, or what changed in it.

use super::model::Answers as Over;
use super::model::{
    CallCondition, ColumnCondition, Emotion, EntityFor, Gather, History, InterruptionBy, Kind, Latency, LookFor,
    Loudness, Patterns, Place, Range, RateThreshold, Reach, Repeats, SilenceFor, SimilarTo, SpeechRate, When, Words,
};
use super::pattern::Pattern;
use super::speakers::Speakers;

/// So many phrases or patterns of one condition are spelled out.
const SHOWN: usize = 4;
/// And so many characters of a pattern.
const PATTERN_CHARS: usize = 40;

/// `report.when` as an author would write it; reading it again gives the same.
///
/// ```
/// use callsift::rules::{expression::parse, spelled};
/// let names = ["a".to_owned(), "b".to_owned()];
/// let when = parse("not (a before b)", &names).expect("right");
/// assert_eq!(spelled::when(&when, &["a", "b"]), "not (a before b)");
/// ```
#[must_use]
pub fn when(when: &When, names: &[&str]) -> String {
    bound(when, names, LOOSEST)
}

/// A place as an author would write it; empty for all of the call.
#[must_use]
pub fn place(place: &Place) -> String {
    let beside = |side: &str, name: &str, within: &Option<Reach>| match within {
        Some(within) => format!("{side} {name} within {}", reach(*within)),
        None => format!("{side} {name}"),
    };
    match place {
        Place::Anywhere => String::new(),
        Place::FirstMs(ms) => format!("first {}", time(*ms)),
        Place::LastMs(ms) => format!("last {}", time(*ms)),
        Place::FirstTurns(turns) => format!("first {turns} turns"),
        Place::LastTurns(turns) => format!("last {turns} turns"),
        Place::FirstShare(share) => format!("first {}", percent(*share)),
        Place::LastShare(share) => format!("last {}", percent(*share)),
        Place::After { name, within } => beside("after", name, within),
        Place::Before { name, within } => beside("before", name, within),
    }
}

/// What a condition looks for, of whom, where and how often.
#[must_use]
pub fn look_for(look: &LookFor) -> String {
    let mut parts = vec![kind(&look.kind)];
    if !look.speakers.is_anyone() {
        parts.push(format!("by the {}", look.speakers));
    }
    if look.place != Place::Anywhere {
        parts.push(format!("in the part \"{}\"", place(&look.place)));
    }
    if look.count_at_least > 1 {
        parts.push(format!("{} times or more", look.count_at_least));
    }
    parts.join(", ")
}

/// A pattern as far as it fits into a line.
#[must_use]
pub fn shortened(pattern: &str) -> String {
    match pattern.char_indices().nth(PATTERN_CHARS) {
        Some((at, _)) => format!("{}…", &pattern[..at]),
        None => pattern.to_owned(),
    }
}

/// How tightly a word of `when` binds; less binds less.
const LOOSEST: u8 = 0;
const BOTH: u8 = 1;
const ORDER: u8 = 2;
const TIGHTEST: u8 = 3;

/// `when`, in parentheses where it binds less than `level`.
fn bound(when: &When, names: &[&str], level: u8) -> String {
    let name = |index: usize| names.get(index).copied().unwrap_or("?");
    let (own, text) = match when {
        When::Name(at) => (TIGHTEST, name(*at).to_owned()),
        When::Not(inner) => (TIGHTEST, format!("not {}", bound(inner, names, TIGHTEST))),
        When::And(left, right) => (BOTH, format!("{} and {}", bound(left, names, BOTH), bound(right, names, ORDER))),
        When::Or(left, right) => (LOOSEST, format!("{} or {}", bound(left, names, LOOSEST), bound(right, names, BOTH))),
        When::Before(a, b) => (ORDER, format!("{} before {}", name(*a), name(*b))),
        When::Then(a, b, within) => (ORDER, format!("{} then {} within {}", name(*a), name(*b), reach(*within))),
        When::EveryThen(a, b, within) => {
            (TIGHTEST, format!("every {} then {} within {}", name(*a), name(*b), reach(*within)))
        }
    };
    if own < level { format!("({text})") } else { text }
}

fn reach(within: Reach) -> String {
    match within {
        Reach::Ms(ms) => time(ms),
        Reach::Turns(turns) => format!("{turns} turns"),
    }
}

fn time(ms: i64) -> String {
    format!("{} s", ms as f64 / 1_000.0)
}

fn percent(share: f64) -> String {
    format!("{} %", (share * 1e6).round() / 1e4)
}

fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Words(words) => of_words(words),
        Kind::Patterns(patterns) => of_patterns(patterns),
        Kind::SpeechRate(rate) => of_rate(rate),
        Kind::Silence(silence) => of_silence(silence),
        Kind::Interruption(by) => of_interruption(by),
        Kind::Loudness(loudness) => of_loudness(loudness),
        Kind::Emotion(emotion) => of_emotion(emotion),
        Kind::Call(call) => of_call(call),
        Kind::SimilarTo(similar) => of_similar(similar),
        Kind::Repeats(repeats) => of_repeats(repeats),
        Kind::Entity(entity) => of_entity(entity),
        Kind::TalkShare(range) => format!("a share of the talk {}", of_range(range, percent)),
        Kind::Turns(range) => format!("a number of turns {}", of_range(range, |count| count.to_string())),
        Kind::Latency(latency) => of_latency(latency),
        Kind::History(history) => of_history(history),
    }
}

fn of_similar(similar: &SimilarTo) -> String {
    let sentences = similar.sentences.iter().map(|sentence| format!("\"{sentence}\""));
    format!("what is like {} by {} or more", some(sentences, " or "), percent(similar.similarity_above))
}

fn of_repeats(repeats: &Repeats) -> String {
    let within = repeats.within.map_or_else(String::new, |within| format!(" within {}", reach(within)));
    let (times, chars) = (repeats.repeat_count, repeats.min_chars_count);
    let like = percent(repeats.similarity_above);
    format!("the same said {times} times{within}, of {chars} characters or more and {like} alike")
}

fn of_entity(entity: &EntityFor) -> String {
    let value = match entity.value {
        Range { above: None, below: None } => String::new(),
        range => format!(" {}", of_range(&range, |value| value.to_string())),
    };
    let differs = listed(", which is not what the manifest says of ", &entity.differs_from, " or ");
    let whole = |complete: bool| if complete { ", said in full" } else { ", not said in full" };
    let own = |own: bool| if own { ", the customer's own" } else { ", not the customer's own" };
    let times = if entity.said_count_at_least > 1 {
        format!(", said {} times", entity.said_count_at_least)
    } else {
        String::new()
    };
    let lists = entity.with_lists.iter().map(|list| format!("a word of {list}"));
    let mut beside = lists.chain(entity.with_phrases.iter().map(|phrase| format!("\"{phrase}\""))).peekable();
    let beside = if beside.peek().is_some() {
        format!(", in one sentence with {}", some(beside, " or "))
    } else {
        String::new()
    };
    let (whole, own) = (entity.complete.map_or("", whole), entity.same_as_customer.map_or("", own));
    format!("{}{value}{differs}{whole}{own}{times}{beside}", entity.kinds.join(" or "))
}

/// `what` before the items; nothing where there are none.
fn listed(what: &str, items: &[String], joined_by: &str) -> String {
    if items.is_empty() { String::new() } else { format!("{what}{}", items.join(joined_by)) }
}

fn of_range(range: &Range, said: impl Fn(f64) -> String) -> String {
    let bounds = [("above", range.above), ("below", range.below)];
    let bounds = bounds.into_iter().filter_map(|(word, bound)| Some(format!("{word} {}", said(bound?))));
    bounds.collect::<Vec<_>>().join(" and ")
}

fn of_latency(latency: &Latency) -> String {
    let what = match latency.over {
        Over::First => "a first word that comes later than",
        Over::Each => "an answer that comes later than",
        Over::Mean => "answers that on average come later than",
    };
    format!("{what} {}", time(latency.above_ms))
}

fn of_history(history: &History) -> String {
    let least = history.at_least.map(|count| format!("{count} or more"));
    let most = history.at_most.map(|count| format!("{count} at most"));
    let count = least.into_iter().chain(most).collect::<Vec<_>>().join(" and ");
    let flag = |is: Option<bool>, yes: &str, no: &str| is.map(|is| if is { yes.to_owned() } else { no.to_owned() });
    let parts = [
        history.same_day.then(|| "on the same day".to_owned()),
        history.within_ms.map(|ms| format!("in the last {} h", ms as f64 / 3_600_000.0)),
        history.direction.clone(),
        flag(history.answered, "answered", "not answered"),
        history.talk_at_least_ms.map(|ms| format!("with {} of talk or more", time(ms))),
        (!history.callee_roles.is_empty()).then(|| format!("to {}", history.callee_roles.join(" or "))),
        flag(history.same_number, "to the same number", "to another number"),
        flag(history.stop_requested, "with the wish not to be called again", "without the wish not to be called again"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        format!("earlier calls: {count}")
    } else {
        format!("earlier calls, {}: {count}", parts.join(", "))
    }
}

fn of_words(words: &Words) -> String {
    let lists = words.lists.iter().map(|list| format!("a word of {list}"));
    let phrases = words.phrases.iter().map(|phrase| format!("\"{phrase}\""));
    let alike = if words.sounds_like { ", or what sounds like it" } else { "" };
    let place = if words.same_utterance { " in one turn" } else { "" };
    match words.gather {
        Gather::Any => format!("{}{alike}", some(lists.chain(phrases), " or ")),
        Gather::All => format!("{}{alike}, all{place}", some(lists.chain(phrases), " and ")),
        Gather::AtLeast(count) => {
            format!("{count} different ones{place} of {}{alike}", some(lists.chain(phrases), " or "))
        }
    }
}

fn of_patterns(patterns: &Patterns) -> String {
    let except = match patterns.except.as_slice() {
        [] => String::new(),
        except => format!(", except where {} matches", some(except.iter().map(quoted), " or ")),
    };
    let differs = listed(", whose first group is not what the manifest says of ", &patterns.differs_from, " or ");
    format!("a match of {}{except}{differs}", some(patterns.patterns.iter().map(quoted), " or "))
}

fn quoted(pattern: &Pattern) -> String {
    format!("'{}'", shortened(pattern.as_str()))
}

fn of_rate(rate: &SpeechRate) -> String {
    let limit = |word: &str, threshold: Option<RateThreshold>| {
        let threshold = threshold?;
        let chars = threshold.chars_per_min.map(|rate| format!("{rate} chars/min"));
        let words = threshold.words_per_min.map(|rate| format!("{rate} words/min"));
        Some(format!("{word} than {}", some(chars.into_iter().chain(words), " or ")))
    };
    let limits = limit("faster", rate.above).into_iter().chain(limit("slower", rate.below));
    let over = if rate.over_call { "over the whole call" } else { "in one utterance" };
    let (chars, length) = (rate.min_chars_count, time(rate.min_length_ms));
    format!("speech {} {over}, of {chars} characters and {length} or more", some(limits, " or "))
}

fn of_silence(silence: &SilenceFor) -> String {
    let lists = silence.unless_after_lists.iter().map(|list| format!("a word of {list}"));
    let phrases = silence.unless_after_phrases.iter().map(|phrase| format!("\"{phrase}\""));
    let mut excuses = lists.chain(phrases).peekable();
    let unless = match excuses.peek() {
        Some(_) => format!(", unless after {}", some(excuses, " or ")),
        None => String::new(),
    };
    let up_to = silence.up_to_ms.map_or_else(String::new, |ms| format!(" up to {} ago", time(ms)));
    format!("a silence of more than {}{}{unless}{up_to}", time(silence.longer_than_ms), party(silence.of, "of"))
}

fn of_interruption(by: &InterruptionBy) -> String {
    let into = match by.into_turn_above_ms {
        0 => String::new(),
        ms => format!(", after the other had spoken for more than {}", time(ms)),
    };
    let yields = by.yields_within_ms.map_or_else(String::new, |ms| format!(", who yields within {}", time(ms)));
    let overlap = time(by.overlap_above_ms);
    format!("an interruption{} with both speaking for more than {overlap}{into}{yields}", party(by.by, "by"))
}

fn party(speakers: Speakers, word: &str) -> String {
    if speakers.is_anyone() { String::new() } else { format!(" {word} the {speakers}") }
}

fn of_loudness(loudness: &Loudness) -> String {
    let (above, length) = (loudness.above_usual_db, time(loudness.for_ms));
    format!("speech more than {above} dB over the speaker's usual for {length} or more")
}

fn of_emotion(emotion: &Emotion) -> String {
    let sources = [(emotion.from_acoustic, "the sound"), (emotion.from_engine, "the engine")];
    let sources = sources.into_iter().filter(|(counts, _)| *counts).map(|(_, name)| name.to_owned());
    let usual = emotion.above_usual.map_or_else(String::new, |over| format!(", and {over} over the speaker's usual"));
    format!("anger above {} by {}{usual}", emotion.score_above, some(sources, " or "))
}

fn of_call(call: &CallCondition) -> String {
    let clock = |time: jiff::civil::Time| time.strftime("%H:%M").to_string();
    let part = if call.at_start { "starts" } else { "lies, if only in part," };
    let between = call.between.map(|(from, to)| format!("{part} between {} and {}", clock(from), clock(to)));
    let days: Vec<String> = call.weekdays.iter().map(|day| format!("{day:?}")).collect();
    let days = (!days.is_empty()).then(|| format!("starts on {}", days.join(" or ")));
    let listed = (!call.days.is_empty()).then(|| format!("starts on a day of {}", call.days.join(" or ")));
    let longer = call.longer_than_ms.map(|ms| format!("is longer than {}", time(ms)));
    let shorter = call.shorter_than_ms.map(|ms| format!("is shorter than {}", time(ms)));
    let has = call.column.as_ref().map(|column| format!("has {}", of_column(column)));
    let unless = call.unless.as_ref().map(|column| format!("has not {}", of_column(column)));
    let agreed = call.agreed_column.as_ref().map(|column| format!("has no yes in the column {column}"));
    let parts = [between, days, listed, longer, shorter, has, unless, agreed];
    format!("a call that {}", parts.into_iter().flatten().collect::<Vec<_>>().join(" and "))
}

fn of_column(column: &ColumnCondition) -> String {
    let values = column.values.join(" or ");
    let word = if column.is { "" } else { "anything but " };
    format!("{word}{values} in the column {}", column.column)
}

/// The first few, and how many more there are.
fn some(all: impl Iterator<Item = String>, joined_by: &str) -> String {
    let all: Vec<String> = all.collect();
    let shown = all.len().min(SHOWN);
    let text = all[..shown].join(joined_by);
    if all.len() > shown { format!("{text}{joined_by}one of {} more", all.len() - shown) } else { text }
}

#[cfg(test)]
mod tests {
    use super::super::expression::parse;
    use super::super::testing::{look, phrases, strings, written};
    use super::*;
    use crate::units::Role;
    use jiff::civil::time as at;

    #[test]
    fn when_reads_back_as_it_was() {
        let names = ["a", "b", "c"];
        let cases = [
            "a",
            "not a and b",
            "a or b and c",
            "(a or b) and c",
            "a and (b and c)",
            "a or (b or c)",
            "not (a and not b)",
            "not not a",
            "not (a before b) and c",
            "a and b before c",
            "a then b within 1.5 s or every b then c within 3 turns",
            "not every a then b within 60 s",
        ];
        for text in cases {
            let parsed = parse(text, &names.map(str::to_owned)).expect(text);
            assert_eq!(when(&parsed, &names), text);
        }
    }

    #[test]
    fn places_are_written_as_authors_write_them() {
        let beside = |within| Place::After { name: "fee".into(), within };
        let cases = [
            (Place::Anywhere, ""),
            (Place::FirstMs(30_000), "first 30 s"),
            (Place::LastMs(1_500), "last 1.5 s"),
            (Place::FirstTurns(3), "first 3 turns"),
            (Place::LastTurns(1), "last 1 turns"),
            (Place::FirstShare(0.2), "first 20 %"),
            (Place::LastShare(0.125), "last 12.5 %"),
            (beside(None), "after fee"),
            (beside(Some(Reach::Turns(2))), "after fee within 2 turns"),
            (Place::Before { name: "fee".into(), within: Some(Reach::Ms(60_000)) }, "before fee within 60 s"),
        ];
        for (read, text) in cases {
            assert_eq!(place(&read), text);
        }
    }

    #[test]
    fn conditions_are_told_in_words() {
        let words =
            Words { lists: strings(&["zh/x"]), phrases: strings(&["甲"]), sounds_like: true, ..Words::default() };
        let many = phrases(&["一", "二", "三", "四", "五", "六"]);
        let patterns = Patterns { patterns: written(&["a.b"]), except: written(&["ac"]), ..Patterns::default() };
        let silence = SilenceFor {
            longer_than_ms: 8_000,
            of: Speakers::one(Role::Agent),
            unless_after_phrases: strings(&["请稍等"]),
            unless_after_lists: Vec::new(),
            up_to_ms: Some(60_000),
        };
        let night = CallCondition { between: Some((at(22, 0, 0, 0), at(8, 0, 0, 0))), ..CallCondition::default() };
        let of_agent = LookFor {
            speakers: Speakers::one(Role::Agent),
            place: Place::FirstMs(30_000),
            count_at_least: 2,
            ..look("it", phrases(&["甲"]))
        };
        let cases = [
            (look("it", Kind::Words(words)), "a word of zh/x or \"甲\", or what sounds like it"),
            (look("it", many), "\"一\" or \"二\" or \"三\" or \"四\" or one of 2 more"),
            (look("it", Kind::Patterns(patterns)), "a match of 'a.b', except where 'ac' matches"),
            (
                look("it", Kind::Silence(silence)),
                "a silence of more than 8 s of the agent, unless after \"请稍等\" up to 60 s ago",
            ),
            (look("it", Kind::Call(night)), "a call that lies, if only in part, between 22:00 and 08:00"),
            (of_agent, "\"甲\", by the agent, in the part \"first 30 s\", 2 times or more"),
        ];
        for (condition, text) in cases {
            assert_eq!(look_for(&condition), text);
        }
    }
}
