//! What things are called on a page.

use super::Language;
use crate::finding::MatchKind;

pub(super) fn match_kind(kind: MatchKind, language: Language) -> &'static str {
    match kind {
        MatchKind::Exact => language.say("the listed words", "与词条一致"),
        MatchKind::Variant => language.say("the listed words, written otherwise", "词条的其他写法"),
        MatchKind::Homophone => language.say("words that sound the same", "同音词"),
        MatchKind::Pattern => language.say("a pattern of words", "句式"),
        MatchKind::Similar => language.say("a sentence that says the same", "近似句"),
        MatchKind::Measure => language.say("a measure or a fact of the call", "测量值或通话事实"),
        MatchKind::Absence => language.say("something required that is not there", "缺少规定内容"),
    }
}

/// What kind of conversation a call was, by its name in tables.
pub(super) fn outcome(name: &str, language: Language) -> &'static str {
    match name {
        "conversation" => language.say("conversation", "正常通话"),
        "too_short" => language.say("under 10 s of talk", "通话不足10秒"),
        "no_customer" => language.say("the customer never speaks", "客户未说话"),
        "announcement" => language.say("an announcement answered", "提示音"),
        "voicemail" => language.say("a voicemail answered", "语音信箱"),
        "assistant" => language.say("a phone assistant answered", "电话助理"),
        _ => language.say("not known", "未知"),
    }
}

/// Why a rule had no answer, by its name in tables.
pub(super) fn reason(name: &str, language: Language) -> &'static str {
    match name {
        "no_transcript" => language.say("no transcript", "无转写文本"),
        "no_audio" => language.say("no sound", "无录音"),
        "one_channel" => language.say("one channel", "单声道"),
        "no_roles" => language.say("nobody knows who spoke", "无法区分说话人"),
        "no_times" => language.say("no times", "无时间戳"),
        "no_zone" => language.say("start or zone not known", "开始时间或时区未知"),
        "low_confidence" => language.say("engine not sure", "转写置信度低"),
        "no_emotion" => language.say("emotion cannot be told", "情绪无法判断"),
        "emotion_off" => language.say("emotion switched off", "情绪分析已关闭"),
        "language" => language.say("no rules for its language", "无该语言规则"),
        "no_history" => language.say("earlier calls not known", "历史通话未知"),
        _ => language.say("another reason", "其他原因"),
    }
}
