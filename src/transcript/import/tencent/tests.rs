//! Tencent Cloud's offsets, nulls and lines.

use super::*;
use serde_json::json;

#[test]
fn offsets_count_from_the_sentence_whatever_its_end() {
    for end in [json!(2_600), json!(null), json!("2600")] {
        let word = json!({"Word": "您好", "OffsetStartMs": "700", "OffsetEndMs": 1_100});
        let row = json!({"FinalSentence": "您好", "StartMs": 600, "EndMs": end, "Words": [word]});
        let said = read(&[json!({"ResultDetail": [row]})]).unwrap().utterances.remove(0);
        assert_eq!((said.words[0].span.start_ms, said.words[0].span.end_ms), (1_300, 1_700), "{end}");
    }
}

#[test]
fn what_is_null_is_not_known() {
    let row = json!({"FinalSentence": "您好", "StartMs": 600, "EndMs": null, "Words": null, "SpeakerId": null,
        "SpeechSpeed": null, "EmotionType": null, "EmotionalEnergy": null});
    let said = read(&[json!({"ResultDetail": [row]})]).unwrap().utterances.remove(0);
    assert_eq!((said.speaker, said.times_estimated), (Speaker::Role(Role::Unknown), true));
    assert_eq!((said.vendor_measures, said.emotion, said.words.len()), (None, None, 0));
}

#[test]
fn a_role_by_name_comes_before_the_voice() {
    let row =
        |role: &str| json!({"FinalSentence": "好", "StartMs": 0, "EndMs": 9, "SpeakerId": 1, "SpeakerRoleName": role});
    let said = read(&[json!({"ResultDetail": [row("坐席")]})]).unwrap();
    assert_eq!(said.utterances[0].speaker, Speaker::Role(Role::Agent));
    let said = read(&[json!({"ResultDetail": [row("说话人1")]})]).unwrap();
    assert_eq!(said.utterances[0].speaker, Speaker::Voice(0));
}

#[test]
fn lines_have_clocks() {
    let cases = [
        ("[0:0.600,0:2.600,0]  您好", Some((600.0, 2_600.0, Some("0")))),
        ("[1:2:3.5,1:2:4,1] 您好", Some((3_723_500.0, 3_724_000.0, Some("1")))),
        ("[0:0.600,0:2.600] 您好", Some((600.0, 2_600.0, None))),
        ("[音乐] 您好", None),
        ("[0:0.6,b] 您好", None),
        ("您好", None),
    ];
    for (line, expected) in cases {
        let read = plain_line(line);
        let told = read.as_ref().map(|(who, it)| (it.start_ms.unwrap(), it.end_ms.unwrap(), who.name.as_deref()));
        assert_eq!(told, expected, "{line}");
    }
}

#[test]
fn words_of_the_flash_version_count_from_either() {
    for first_ms in [0, 600] {
        let words = json!([{"word": "您好", "start_time": first_ms, "end_time": first_ms + 2_000}]);
        let row = json!({"text": "您好", "start_time": 600, "end_time": 2_600, "word_list": words});
        let said = read(&[json!({"flash_result": [{"channel_id": 0, "sentence_list": [row]}]})]).unwrap();
        assert_eq!(said.utterances[0].words[0].span.start_ms, 600, "{first_ms}");
    }
}
