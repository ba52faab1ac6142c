//! What somebody else says, told by who says it: 我老公说…, 网上那些人讲….
//!
//! The lists of openers hold whole phrases; here a verb of saying counts where its subject is a third person.

/// Verbs of saying.
const SAYS: [&str; 11] = ["写的是", "宣传", "说", "讲", "声称", "威胁", "喊", "骂", "推销", "吓唬", "提示"];
/// Words that hold one of these and say nothing.
const SAYS_NOTHING: [&str; 14] = [
    "说明",
    "说不定",
    "说法",
    "说白了",
    "说实话",
    "说到底",
    "再说",
    "讲究",
    "讲理",
    "讲清楚",
    "说清楚",
    "骂人",
    "话说",
    "按说",
];
/// Who is a third person, and none of the speaker's side.
const THIRDS: [&str; 34] = [
    "他们",
    "他",
    "她",
    "有人",
    "别人",
    "人家",
    "对方",
    "骗子",
    "中介",
    "客服",
    "老公",
    "老婆",
    "爸",
    "妈",
    "儿子",
    "女儿",
    "家里",
    "朋友",
    "邻居",
    "网上",
    "网友",
    "短信",
    "电话里",
    "投诉里",
    "之前的",
    "上次那个",
    "上个",
    "那些",
    "有些",
    "所谓",
    "诈骗",
    "谁",
    "冒充",
    "代理",
];
/// The speaker and his side: what they say is said.
const OWN: [&str; 7] = ["我们", "我", "咱", "本行", "领导", "公司", "银行"];
/// Before 我 and 我们 these make the speaker the one who was told.
const TOLD: [&str; 5] = ["跟", "和", "对", "给", "同"];

/// How far before a verb of saying its subject may stand, characters.
const SUBJECT_REACH_CHARS: usize = 14;

/// Whether `before`, a clause up to a hit, says that a third person says it.
pub(super) fn is_reported(before: &str) -> bool {
    let Some(verb) = last_verb(before) else {
        return false;
    };
    let from = before[..verb].char_indices().rev().take(SUBJECT_REACH_CHARS).last().map_or(0, |(at, _)| at);
    let subject = &before[from..verb];
    let last = |words: &[&str]| words.iter().filter_map(|word| subject.rfind(word).map(|at| at + word.len())).max();
    let own = OWN
        .iter()
        .filter_map(|word| subject.rfind(word).filter(|&at| !is_told(&subject[..at])).map(|at| at + word.len()))
        .max();
    last(&THIRDS).is_some_and(|third| own.is_none_or(|own| own < third))
}

/// Where the last verb of saying starts.
fn last_verb(before: &str) -> Option<usize> {
    let says_nothing = |at: &usize| {
        SAYS_NOTHING
            .iter()
            .any(|word| before.match_indices(word).any(|(start, _)| (start..start + word.len()).contains(at)))
    };
    let verbs = SAYS.iter().flat_map(|verb| before.match_indices(verb).map(|(at, _)| at));
    verbs.filter(|at| !says_nothing(at)).max()
}

fn is_told(before: &str) -> bool {
    TOLD.iter().any(|word| before.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn third_persons_are_told_from_the_speaker() {
        let table = [
            ("a husband", "我老公说", true),
            ("swindlers", "网上那些人上来就讲", true),
            ("told the speaker", "他跟我说", true),
            ("the speaker", "我说", false),
            ("the speaker's side", "我们领导说了", false),
            ("the speaker to a third person", "他问的时候我说", false),
            ("the listener", "您说", false),
            ("no saying", "他再说", false),
            ("behind a character of four bytes", "他😀说", true),
            ("far away", "他上个月在外地出差的时候我们一直在这边等着消息最后说", false),
            ("nobody", "", false),
        ];
        for (name, before, expected) in table {
            assert_eq!(is_reported(before), expected, "{name}");
        }
    }
}
