//! Engines' emotion tags.

use crate::transcript::Utterance;

/// Tags that say anger.
const ANGRY: [&str; 7] = ["angry", "anger", "mad", "生气", "愤怒", "发怒", "恼怒"];

/// Tags that say another emotion, or none.
const OTHERS: [&str; 30] = [
    "neutral",
    "normal",
    "calm",
    "happy",
    "happiness",
    "joy",
    "sad",
    "sadness",
    "fear",
    "fearful",
    "disgust",
    "disgusted",
    "surprise",
    "surprised",
    "bored",
    "boredom",
    "中性",
    "中立",
    "平静",
    "高兴",
    "开心",
    "快乐",
    "悲伤",
    "难过",
    "伤心",
    "恐惧",
    "害怕",
    "厌恶",
    "惊讶",
    "吃惊",
];

/// A tag as it is kept: lower case, without the marks of SenseVoice (`<|ANGRY|>`).
pub(super) fn tag(raw: &str) -> String {
    raw.trim().trim_start_matches("<|").trim_end_matches("|>").trim().to_lowercase()
}

/// How angry the engine's tag says an utterance is, 0 to 1: the tag's score, 1 without one, 0 for another known emotion;
/// `None` without a tag or for one that says nothing (`EMO_UNKNOWN`). Tags in two languages (`生气/angry`) are read.
pub(super) fn anger(utterance: &Utterance) -> Option<f32> {
    let tag = tag(utterance.emotion.as_deref()?);
    let says = |known: &[&str]| tag.split('/').any(|part| known.contains(&part.trim()));
    if says(&ANGRY) {
        return Some(utterance.emotion_score.unwrap_or(1.0));
    }
    says(&OTHERS).then_some(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Speaker;
    use crate::units::Span;

    #[test]
    fn reads_engines_tags() {
        let cases = [
            (Some("<|ANGRY|>"), None, Some(1.0)),
            (Some("angry"), Some(0.8), Some(0.8)),
            (Some("生气/angry"), None, Some(1.0)),
            (Some("愤怒"), None, Some(1.0)),
            (Some("<|NEUTRAL|>"), Some(0.9), Some(0.0)),
            (Some("开心/happy"), None, Some(0.0)),
            (Some("<|EMO_UNKNOWN|>"), None, None),
            (Some("其他/other"), None, None),
            (Some("hangry"), None, None),
            (None, Some(0.9), None),
        ];
        for (emotion, score, expected) in cases {
            let utterance = Utterance {
                emotion: emotion.map(str::to_owned),
                emotion_score: score,
                ..Utterance::new(Speaker::Channel(0), Span::new(0, 1), "")
            };
            assert_eq!(anger(&utterance), expected, "{emotion:?}");
        }
        assert_eq!(tag("<|EMO_UNKNOWN|>"), "emo_unknown");
    }
}
