//! Baidu's candidates, measures, and queries of several tasks.

use super::*;
use serde_json::json;

#[test]
fn the_first_candidate_was_said() {
    for res in [json!(["您 好", "你好"]), json!("您好")] {
        let row = json!({"res": res, "begin_time": "600", "end_time": "900"});
        let said = read(&[json!({"detailed_result": [row]})]).unwrap();
        assert_eq!((said.utterances[0].text.as_str(), said.utterances[0].span.end_ms), ("您好", 900));
    }
}

#[test]
fn measures_of_the_call_stay_beside_ours() {
    let row = json!({"sentence": "您好", "speaker_id": 1, "begin_time": 600, "end_time": 900, "voice_power": 62});
    let said = read(&[json!({"result": {"call_duration": 9, "silence_duration": 1, "asr_result": [row]}})]).unwrap();
    assert_eq!(said.vendor_measures.as_deref(), Some(r#"{"call_duration":9,"silence_duration":1}"#));
    assert_eq!(said.utterances[0].vendor_measures.as_deref(), Some(r#"{"voice_power":62}"#));
    assert_eq!(said.utterances[0].emotion, None);
}

#[test]
fn several_tasks_are_no_call() {
    let task = json!({"task_result": {"detailed_result": [{"res": ["您好"], "begin_time": 600, "end_time": 900}]}});
    let error = read(&[json!({"tasks_info": [task, task]})]).unwrap_err();
    assert_eq!(error.code(), "bad_field");
    assert!(error.to_string().contains("tasks_info"), "{error}");
}
