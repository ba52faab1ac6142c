//! Denials that stand behind what they deny: 派人上门这种事,我们是不做的.
//!
//! What is spoken of comes first and what is said of it behind, so a bare negator behind a hit says nothing (派人上门不会手软): the hit must be
//! taken up again by a word for it, or be followed at once by a denial that is whole.

use crate::lexicon::matcher::Stop;
use std::ops::Range;

/// What takes up again what was spoken of.
const TAKES_UP: [&str; 26] = [
    "什么的",
    "这种事情",
    "这样的事",
    "这种事",
    "这件事",
    "这回事",
    "这种情况",
    "这样的话",
    "这种话",
    "这句话",
    "这话",
    "这种做法",
    "这种行为",
    "这种说法",
    "这个权力",
    "这个权利",
    "的权力",
    "的权利",
    "的事情",
    "的情况",
    "的做法",
    "的行为",
    "的说法",
    "的事",
    "这个",
    "这些",
];
/// Who may stand before the denial, and words of emphasis.
const BEFORE_DENIAL: [&str; 28] = [
    "坚决",
    "目前",
    "现在",
    "明令",
    "倒",
    "实在",
    "您",
    "你",
    "我们公司",
    "我们银行",
    "我们",
    "公司",
    "银行",
    "我",
    "是",
    "从来",
    "绝对",
    "肯定",
    "根本",
    "一概",
    "一律",
    "都",
    "也",
    "那",
    "可",
    "真的",
    "压根",
    "一定",
];
/// Denials that say all by themselves, behind a hit and who may stand before them.
const WHOLE: [&str; 22] = [
    "不至于",
    "做不到",
    "没有这个安排",
    "没有的事",
    "没这回事",
    "没有这回事",
    "没那回事",
    "没有那回事",
    "不可能的事",
    "不可能的",
    "不存在的",
    "不会发生",
    "不允许的",
    "不被允许",
    "禁止的",
    "违规的",
    "违法的",
    "不对的",
    "不会的",
    "做不到的",
    "不做的",
    "不干的",
];
/// Denials that need 是 before them: without it they end another sentence.
const NEEDS_IS: [&str; 4] = ["不会的", "不可能的", "不做的", "不干的"];
/// What denies behind what takes up the hit.
const DENIES: [char; 4] = ['不', '没', '无', '禁'];
/// Denials that are none.
const DENIES_NOTHING: [&str; 21] = [
    "不是没",
    "不是不",
    "不得不",
    "不一定",
    "不过",
    "不怕",
    "不用怕",
    "不信",
    "不是开玩笑",
    "不是闹着玩",
    "不是吓",
    "不好说",
    "不会手软",
    "不会客气",
    "不客气",
    "不难",
    "没商量",
    "没有商量",
    "没问题",
    "没事",
    "没办法",
];
/// English denials behind what they deny.
const ENGLISH: [&str; 15] = [
    "is something we simply don't",
    "is something we don't",
    "is just plain wrong",
    "is something our agents are not",
    "is something we do not",
    "is off the table",
    "is out of the question",
    "is not something",
    "isn't something",
    "is not our",
    "isn't our",
    "never happened",
    "is not going to happen",
    "isn't going to happen",
    "will never happen",
];
/// What answers an echo: 派人到你家?没有的事.
const ANSWERS: [&str; 20] = [
    "i can't promise",
    "we can't promise",
    "no that's not",
    "no we",
    "no i",
    "no ma'am",
    "no sir",
    "no not at all",
    "of course not",
    "absolutely not",
    "certainly not",
    "没有",
    "没这",
    "不会的",
    "不可能",
    "不存在",
    "哪有",
    "怎么会",
    "怎么可能",
    "又不是",
];

/// How far behind a hit its denial may stand, bytes.
const REACH_BYTES: usize = 90;

/// Whether what stands behind `hit` in `text`, which has these stops, denies it.
pub(super) fn is_denied_behind(text: &str, stops: &[Stop], hit: &Range<usize>) -> bool {
    let end = text.floor_char_boundary(text.len().min(hit.end + REACH_BYTES));
    let behind = &text[hit.end..end];
    let (rest, is_taken_up) = match TAKES_UP.iter().find_map(|word| behind.strip_prefix(word)) {
        Some(rest) => (rest, true),
        None => (behind, false),
    };
    let denial = without_subject(rest);
    if DENIES_NOTHING.iter().any(|word| denial.starts_with(word)) {
        return false;
    }
    let says_is = rest[..rest.len() - denial.len()].contains('是');
    let stop = || stops.binary_search_by_key(&hit.end, |stop| stop.at);
    let is_new_sentence = || stop().is_ok_and(|at| stops[at].sentence);
    let is_whole =
        WHOLE.iter().any(|word| denial.starts_with(word) && (says_is || is_taken_up || !NEEDS_IS.contains(word)));
    let answers = || is_new_sentence() && ANSWERS.iter().any(|answer| denial.trim_start().starts_with(answer));
    is_whole
        || is_taken_up && denial.starts_with(DENIES)
        || ENGLISH.iter().any(|denial| behind.trim_start().starts_with(denial))
        || answers()
}

/// What is left of `text` behind who denies and how much.
fn without_subject(text: &str) -> &str {
    let mut rest = text;
    while let Some(further) = BEFORE_DENIAL.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = further;
    }
    rest
}
