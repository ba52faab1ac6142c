//! What is found and masked, in tables and in properties.

use super::*;
use crate::transcript::Speaker;
use crate::units::Role;
use proptest::prelude::*;

fn said(text: &str) -> [Said<'_>; 1] {
    [Said { by: Speaker::Role(Role::Customer), text }]
}

fn masked_speech(text: &str) -> String {
    mask(&said(text), &find(&said(text))).swap_remove(0)
}

fn kinds(text: &str) -> Vec<&'static str> {
    find(&said(text)).iter().map(|found| found.kind.name()).collect()
}

#[test]
fn speech_is_masked() {
    let cases = [
        ("mobile", "我电话13800138000。", "我电话███████████。", "phone"),
        ("mobile with hyphens", "138-0013-8000", "███-████-████", "phone"),
        ("mobile, spoken", "幺三八 零零幺三 八零零零", "███ ████ ████", "phone"),
        ("mobile, filler", "138 嗯 0013 8000", "███ 嗯 ████ ████", "phone"),
        ("mobile, spoken and written", "幺三八00138零零零", "███████████", "phone"),
        ("mobile, full width", "\u{FF11}\u{FF13}\u{FF18}00138000", "███████████", "phone"),
        ("mobile before 一直", "幺三八零零幺三八零零零一直打不通", "███████████一直打不通", "phone"),
        ("mobile, written, before 一直", "13800138000一直打不通", "███████████一直打不通", "phone"),
        ("mobile with country code", "+86 138 0013 8000", "+██ ███ ████ ████", "phone"),
        ("mobile in brackets", "(86)13800138000", "(██)███████████", "phone"),
        ("two mobiles without a pause", "1380013800013900139000", "██████████████████████", "phone phone"),
        ("landline", "010-62345678", "███-████████", "phone"),
        ("landline in brackets", "(0755)2345678", "(████)███████", "phone"),
        ("landline, spoken", "零二幺 六二三四五六七八", "███ ████████", "phone"),
        ("abroad", "+1 415 555 2671", "+█ ███ ███ ████", "phone"),
        ("identity card", "身份证11010519491231002X", "身份证██████████████████", "id_card"),
        ("identity card in groups", "110105 19491231 002x", "██████ ████████ ████", "id_card"),
        ("identity card, spoken", "幺幺零幺零五幺九四九幺二三幺零零二叉", "██████████████████", "id_card"),
        ("identity card, misheard", "110105194912310021", "██████████████████", "id_card"),
        ("identity card, cut off", "1101051949123100", "████████████████", "id_card"),
        ("identity card, 15 digits", "110105491231002", "███████████████", "id_card"),
        ("bank card", "6212 3456 7890 1265", "████ ████ ████ ████", "bank_card"),
        ("bank card of 19", "6222021234567890128", "███████████████████", "bank_card"),
        ("bank card, misheard", "6222021234567890129", "███████████████████", "bank_card"),
        ("visa", "4111-1111-1111-1111", "████-████-████-████", "bank_card"),
        ("mail", "邮箱zhang.san@example.com", "邮箱█████████@example.com", "email"),
        ("name", "张伟先生13800138000", "张█先生███████████", "name phone"),
    ];
    for (name, text, expected, kind) in cases {
        assert_eq!((masked_speech(text).as_str(), kinds(text).join(" ").as_str()), (expected, kind), "{name}");
    }
}

#[test]
fn what_is_not_personal_stays() {
    let cases = [
        ("an amount", "欠款三千五百二十块", "spoken"),
        ("a long amount", "共计 1,234,567,890.00 元", "thousands"),
        ("thousands that look like a mobile", "13,800,138,000", "thousands"),
        ("a date and a time", "20261120093000", "timestamp"),
        ("a date", "2026-11-20 09:30:00", "timestamp"),
        ("an order that starts with a time", "20161120093000123", "timestamp"),
        ("a public number", "请拨打400-820-8820", "public"),
        ("a hotline", "95588", "public"),
        ("ten digits", "1380013800", "too short"),
        ("no such prefix", "12800138000", "no mobile"),
        ("seconds since 1970", "1763600000", "clock"),
        ("words with digits in them", "一五一十,三番五次,九牛一毛", "words"),
    ];
    for (name, text, why) in cases {
        assert_eq!(masked_speech(text), text, "{name}: {why}");
        assert_eq!(mask_text(text), text, "{name}: {why}");
    }
}

#[test]
fn names_of_files_are_masked() {
    let cases = [
        ("date, mobile, agent", "20261120_13800138000_8023.wav", "20261120_███████████_8023.wav"),
        ("hyphens", "a/138-0013-8000.wav", "a/███-████-████.wav"),
        ("identity card", "ID11010519491231002X.wav", "ID██████████████████.wav"),
        ("letters on both sides", "rec13800138000in.mp3", "rec███████████in.mp3"),
        ("exchange's prefix", "out-913800138000-1.wav", "out-████████████-1.wav"),
        ("stuck to a date", "2026112013800138000.wav", "20261120███████████.wav"),
        ("stuck to a time", "1380013800020261120093000.wav", "███████████20261120093000.wav"),
        ("landline", "20261120-093000-01062345678.wav", "20261120-093000-███████████.wav"),
        ("timestamp", "20261120093000.wav", "20261120093000.wav"),
        ("date and time", "20261120-093000.wav", "20261120-093000.wav"),
        ("time beside a counter", "20261120_135030_80231.wav", "20261120_135030_80231.wav"),
        ("time beside a counter, no date", "135030_80231.wav", "135030_80231.wav"),
        ("milliseconds since 1970", "1763600000000.wav", "1763600000000.wav"),
        ("an exchange's call id", "1763600000.12345.wav", "1763600000.12345.wav"),
        ("an address of a network", "139.162.12.134", "139.162.12.134"),
        ("a uuid", "550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000"),
        ("a cell with a name", "张伟先生", "张█先生"),
        ("nothing", "", ""),
    ];
    for (name, text, expected) in cases {
        assert_eq!(mask_text(text), expected, "{name}");
    }
}

#[test]
fn a_number_said_in_pieces() {
    use Role::{Agent, Customer};
    type Talk = &'static [(Role, &'static str)];
    let cases: [(&str, Talk, &[&str]); 5] = [
        (
            "over utterances of one speaker",
            &[(Customer, "我的电话是138"), (Customer, "0013"), (Customer, "8000,记下了吗")],
            &["我的电话是███", "████", "████,记下了吗"],
        ),
        (
            "over the other's backchannels",
            &[
                (Customer, "幺三八"),
                (Agent, "嗯"),
                (Customer, "然后是零零幺三"),
                (Agent, "好的您说"),
                (Customer, "八零零零"),
            ],
            &["███", "嗯", "然后是████", "好的您说", "████"],
        ),
        (
            "the other repeats it",
            &[(Customer, "138"), (Agent, "138"), (Customer, "0013 8000"), (Agent, "0013 8000对吧")],
            &["███", "███", "████ ████", "████ ████对吧"],
        ),
        (
            "another speaker's digits are not joined",
            &[(Customer, "1380013"), (Agent, "8000元")],
            &["1380013", "8000元"],
        ),
        (
            "speech in between parts it",
            &[(Customer, "1380013"), (Agent, "您这个月的账单还没有还清"), (Customer, "8000")],
            &["1380013", "您这个月的账单还没有还清", "8000"],
        ),
    ];
    for (name, utterances, expected) in cases {
        let said: Vec<Said<'_>> =
            utterances.iter().map(|&(role, text)| Said { by: Speaker::Role(role), text }).collect();
        assert_eq!(mask(&said, &find(&said)), expected, "{name}");
    }
}

#[test]
fn says_whether_it_was_said_in_full() {
    let of = |text: &str| find(&said(text)).first().map(|found| (found.complete, found.confidence));
    assert_eq!(of("13800138000"), Some((true, 0.95)));
    assert_eq!(of("11010519491231002X"), Some((true, 0.99)));
    assert_eq!(of("11010519491231"), Some((false, 0.6)));
    assert_eq!(of("6212345678901265"), Some((true, 0.95)));
}

#[test]
fn a_long_row_of_digits_ends_soon() {
    let text = "1380013800".repeat(20_000);
    assert!(mask_text(&text).chars().all(|c| c == MASK));
    let below = "1380013800013".repeat(150);
    assert_eq!(mask_text(&below).chars().count(), below.len());
}

/// A valid identifier of some kind, as it may be written or said.
fn identifier() -> impl Strategy<Value = String> {
    let phone =
        (3_u8..10, proptest::collection::vec(0_u8..10, 9)).prop_map(|(second, rest)| [vec![1, second], rest].concat());
    let card = proptest::collection::vec(0_u8..10, 14..17).prop_map(|rest| {
        let mut digits = [vec![6, 2], rest].concat();
        let sum: u32 = digits
            .iter()
            .rev()
            .zip([2, 1].into_iter().cycle())
            .map(|(&v, t)| u32::from(v) * t % 10 + u32::from(v) * t / 10)
            .sum();
        digits.push(((10 - sum % 10) % 10) as u8);
        digits
    });
    let id = (1950_u32..2008, 1_u32..13, 1_u32..29, 0_u32..1000).prop_map(|(year, month, day, serial)| {
        let mut digits: Vec<u8> =
            format!("440305{year}{month:02}{day:02}{serial:03}").bytes().map(|b| b - b'0').collect();
        // The weights of GB 11643-1999, table 1.
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: u32 = digits.iter().zip(weights).map(|(&v, w)| u32::from(v) * w).sum();
        digits.push([1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2][sum as usize % 11]);
        digits
    });
    (prop_oneof![phone, card, id], any::<bool>()).prop_map(|(digits, spoken)| {
        let script: Vec<char> = if spoken { "零幺二三四五六七八九叉" } else { "0123456789X" }.chars().collect();
        digits.iter().map(|&value| script[usize::from(value)]).collect()
    })
}

/// Text without a digit at the edge that touches the identifier.
fn around() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9 _.,\\-一二零我的电话是嗯好xX+@张先生█]{0,20}[a-w是。/█]"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_planted_identifier_never_survives(before in around(), planted in identifier(), after in around()) {
        let after: String = after.chars().rev().collect();
        let text = format!("{before}{planted}{after}");
        let from = before.chars().count();
        for masked in [masked_speech(&text), mask_text(&text)] {
            let inside: String = masked.chars().skip(from).take(planted.chars().count()).collect();
            prop_assert!(inside.chars().all(|c| c == MASK), "{text} -> {masked}");
        }
    }

    #[test]
    fn what_is_written_is_masked_where_it_stands(
        texts in prop::collection::vec("[@\u{FF20}\u{FF21}艾特点.comz京沪A路街号栋单元室楼然后嗯一三8 ,\u{FF1F}\u{301}]{0,24}|\\PC{0,12}", 1..4),
    ) {
        let said: Vec<Said<'_>> = texts.iter().map(|text| Said { by: Speaker::Role(Role::Agent), text }).collect();
        for (masked, text) in mask(&said, &find(&said)).iter().zip(&texts) {
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            prop_assert!(masked.chars().zip(text.chars()).all(|(one, other)| one == other || one == MASK));
            prop_assert_eq!(mask_text(text).chars().count(), text.chars().count());
        }
    }

    #[test]
    fn keeps_length_and_is_idempotent(text in "[0-9 \\-_,.xX+@a零幺三八六二一两()嗯张伟先生]{0,60}") {
        for mask_once in [masked_speech as fn(&str) -> String, mask_text] {
            let once = mask_once(&text);
            prop_assert_eq!(once.chars().count(), text.chars().count());
            prop_assert_eq!(mask_once(&once), once.clone(), "{}", text);
        }
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        prop_assert_eq!(mask_text(&text).chars().count(), text.chars().count());
    }
}
