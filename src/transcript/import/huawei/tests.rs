//! Huawei Cloud's nulls, drafts and tags.

use super::*;
use serde_json::json;

fn read_one(row: Value) -> crate::transcript::Utterance {
    read(&[json!({"segments": [row]})]).unwrap().utterances.remove(0)
}

#[test]
fn what_is_not_known_is_left_out() {
    let said = read_one(json!({"start_time": "600", "end_time": null, "result": {"text": "您好", "score": 0.0,
        "analysis_info": {"role": null, "emotion": "UNKNOWN", "speed": null}, "word_info": null}}));
    assert_eq!((said.span.start_ms, said.times_estimated), (600, true));
    assert_eq!((said.confidence, said.emotion, said.vendor_measures), (None, None, None));
    assert_eq!(said.speaker, Speaker::Role(Role::Unknown));
}

#[test]
fn a_result_may_be_json_inside_a_string() {
    let result = json!({"text": "您好", "analysis_info": {"role": "AGENT", "emotion": "ANGRY", "speed": 5.5}});
    let said = read_one(json!({"start_time": 600, "end_time": 900, "result": result.to_string()}));
    assert_eq!((said.speaker, said.emotion.as_deref()), (Speaker::Role(Role::Agent), Some("ANGRY")));
    assert_eq!(said.vendor_measures.as_deref(), Some(r#"{"speed":5.5}"#));
}

#[test]
fn segments_of_others_are_not_taken() {
    let whisper = json!({"segments": [{"start": 0.0, "end": 1.0, "text": "您好"}]});
    assert!(!is(std::slice::from_ref(&whisper)));
    assert_eq!(read(&[whisper]).unwrap_err().code(), "bad_field");
}
