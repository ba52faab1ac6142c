//! `similar_to`: sentences that say nearly the same.

use super::super::alike::Sentence;
use super::super::answer::{Answer, Hit};
use super::super::heard::Heard;
use super::super::model::SimilarTo;
use super::super::place::no_roles;
use super::super::speakers::Speakers;
use super::speaker::{Is, is, unanswerable};
use crate::finding::MatchKind;

pub(crate) fn find(heard: &Heard<'_>, speakers: Speakers, look: &SimilarTo, sentences: &[Sentence]) -> Answer {
    if let Some(answer) = unanswerable(heard, speakers) {
        return answer;
    }
    let (mut hits, mut spots) = (Vec::new(), 0);
    for (at, passage) in heard.passages.iter().enumerate() {
        let whose = is(speakers, passage.role);
        if whose == Is::Other {
            continue;
        }
        for (sentence, written) in sentences.iter().zip(&look.sentences) {
            for (bytes, likeness) in sentence.each_in(&passage.text, look.similarity_above) {
                if heard.is_excluded(at, &bytes, look.negation_excludes, look.quotation_excludes) {
                    continue;
                }
                match whose {
                    Is::Unknown => spots += 1,
                    _ => hits.push(hit(heard, at, &bytes, written, likeness, look)),
                }
            }
        }
    }
    Answer::of(hits, spots, || no_roles(speakers))
}

fn hit(
    heard: &Heard<'_>,
    at: usize,
    bytes: &std::ops::Range<usize>,
    written: &str,
    likeness: f64,
    look: &SimilarTo,
) -> Hit {
    let hit = heard.in_words(&heard.passages[at], bytes, written, MatchKind::Similar);
    let percent = |share: f64| (share * 1_000.0).round() / 10.0;
    Hit { value: Some(percent(likeness)), threshold: Some(percent(look.similarity_above)), unit: Some("%"), ..hit }
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{Kind, SimilarTo};
    use super::super::super::testing::{judge, outcome, rule, said, strings};
    use crate::finding::MatchKind;
    use crate::units::Role::Agent;

    fn like(similarity_above: f64) -> Kind {
        Kind::SimilarTo(SimilarTo {
            sentences: strings(&["请您尽快处理欠款"]),
            similarity_above,
            negation_excludes: true,
            quotation_excludes: false,
        })
    }

    #[test]
    fn sentences_that_say_nearly_the_same_are_found() {
        let table = [
            ("the same", "请您尽快处理欠款", 0.8, "1 findings"),
            ("with other signs", "请您,尽快处理 欠款!", 0.8, "1 findings"),
            ("another word", "麻烦您尽快处理欠款", 0.7, "1 findings"),
            ("another word, strictly", "麻烦您尽快处理欠款", 0.95, "silent"),
            ("something else", "请问有什么可以帮您", 0.5, "silent"),
            ("denied", "不会请您尽快处理欠款", 0.8, "silent"),
        ];
        for (name, text, least, expected) in table {
            assert_eq!(outcome(&rule(like(least)), &said(&[(0, Agent, text)])), expected, "{name}");
        }
        let finding = judge(&rule(like(0.7)), &said(&[(0, Agent, "好的,请你尽快处理欠款")])).findings.remove(0);
        assert_eq!((finding.quote.as_str(), finding.match_kind), ("请你尽快处理欠款", MatchKind::Similar));
        // 7 of 8 tokens and 5 of 7 pairs: (0.875 + 0.714) / 2.
        assert_eq!((finding.value, finding.threshold, finding.unit.as_deref()), (Some(79.5), Some(70.0), Some("%")));
    }
}
