//! What is read of lines as people say them; all seen from Friday, 20 November 2026.

use super::mentions;
use jiff::civil::date;
use proptest::prelude::*;

fn read(text: &str) -> Vec<String> {
    let shown = |mention: super::Mention| {
        let written: String = text.chars().skip(mention.chars.start as usize).take(mention.chars.len()).collect();
        format!("{written} {} {}{}", mention.sort.name(), mention.value, mention.unit.unwrap_or(""))
    };
    mentions(text, date(2026, 11, 20)).into_iter().map(shown).collect()
}

fn check(table: &[(&str, &[&str])]) {
    for (text, expected) in table {
        assert_eq!(read(text), *expected, "{text}");
    }
}

#[test]
fn numbers() {
    check(&[
        ("三千五", &["三千五 number 3500"]),
        ("一万二千零三十", &["一万二千零三十 number 12030"]),
        ("两千零五", &["两千零五 number 2005"]),
        ("二百五", &["二百五 number 250"]),
        ("十五", &["十五 number 15"]),
        ("廿三", &["廿三 number 23"]),
        ("一亿零两千", &["一亿零两千 number 100002000"]),
        ("一万五千亿", &["一万五千亿 number 1500000000000"]),
        ("5万4千", &["5万4千 number 54000"]),
        ("36.57亿", &["36.57亿 number 3657000000"]),
        ("1,050,000", &["1,050,000 number 1050000"]),
        ("1,5", &["1 number 1", "5 number 5"]),
        ("负三点一四", &["负三点一四 number -3.14"]),
        ("二十点一万", &["二十点一万 number 201000"]),
        ("十几万", &["十几万 number 100000"]),
        ("三五百", &["三五百 number 300~500"]),
        ("十五六", &["十五六 number 15~16"]),
        ("七百三四十", &["七百三四十 number 730~740"]),
        ("三四个", &["三四 number 3~4"]),
        ("幺二三四", &["幺二三四 number 1234"]),
        ("五分之一", &["五分之一 number 0.2"]),
        ("三又二分之一", &["三又二分之一 number 3.5"]),
        ("1/2", &["1/2 number 0.5"]),
        ("壹仟零伍", &["壹仟零伍 number 1005"]),
        ("八百一千", &["八百 number 800", "一千 number 1000"]),
        ("尾号A1234B", &[]),
        ("区号010", &[]),
    ]);
}

#[test]
fn words_that_hold_digits_and_mean_none() {
    check(&[
        ("十分感谢,一直以来的支持,千万别忘了", &[]),
        ("一会儿我再打", &[]),
        ("我一看就知道", &[]),
        ("他去四川的一些地方", &[]),
        ("统一口径,万一不行", &[]),
        ("入伍的收拾一下陆地", &[]),
        ("这三点我都清楚", &["三 number 3"]),
    ]);
}

#[test]
fn money_and_percentages() {
    check(&[
        ("三千五百二十块五毛", &["三千五百二十块五毛 money 3520.5CNY"]),
        ("十二块五", &["十二块五 money 12.5CNY"]),
        ("十二块五毛二", &["十二块五毛二 money 12.52CNY"]),
        ("三千三百八十元五角八分", &["三千三百八十元五角八分 money 3380.58CNY"]),
        ("五毛钱", &["五毛钱 money 0.5CNY"]),
        ("一百来块钱", &["一百来块钱 money 100CNY"]),
        ("八九千块", &["八九千块 money 8000~9000CNY"]),
        ("¥3,500.00", &["¥3,500.00 money 3500CNY"]),
        ("三百块五个", &["三百块 money 300CNY", "五 number 5"]),
        ("十五亿美元", &["十五亿美元 money 1500000000USD"]),
        ("一元复始,元旦", &["一元 money 1CNY", "元旦 date 2027-01-01"]),
        ("百分之三点五", &["百分之三点五 percentage 3.5%"]),
        ("年化24%", &["24% percentage 24%"]),
        ("千分之二", &["千分之二 percentage 0.2%"]),
        ("三成半", &["三成半 percentage 35%"]),
        ("打九五折", &["九五折 percentage 95%"]),
        ("百分百", &["百分百 percentage 100%"]),
    ]);
}

#[test]
fn dates() {
    check(&[
        ("2026年11月20日", &["2026年11月20日 date 2026-11-20"]),
        ("二零零八年八月八号", &["二零零八年八月八号 date 2008-08-08"]),
        ("八五年二月", &["八五年二月 date 1985-02"]),
        ("2025-01-29", &["2025-01-29 date 2025-01-29"]),
        ("明天", &["明天 date 2026-11-21"]),
        ("大后天", &["大后天 date 2026-11-23"]),
        ("周五", &["周五 date 2026-11-20"]),
        ("周四", &["周四 date 2026-11-26"]),
        ("下周五", &["下周五 date 2026-11-27"]),
        ("上上个星期天", &["上上个星期天 date 2026-11-08"]),
        ("25号", &["25号 date 2026-11-25"]),
        ("十号左右吧", &["十号 date 2026-12-10"]),
        ("我11号还了一千八", &["11号 date 2026-11-11", "一千八 number 1800"]),
        ("31号", &["31号 date 2026-12-31"]),
        ("下个月五号之前", &["下个月五号 date 2026-12-05"]),
        ("月底再还", &["月底 date 2026-11-30"]),
        ("三天后", &["三天后 date 2026-11-23"]),
        ("一个月以后", &["一个月以后 date 2026-12-20"]),
        ("正月十五", &["正月十五 date 2027-01-15lunar"]),
        ("国庆节", &["国庆节 date 2027-10-01"]),
        ("安定路5号,西里3号", &["5 number 5", "3 number 3"]),
        ("5号线,3号楼", &["5 number 5", "3 number 3"]),
        ("二月三十号", &["二 number 2", "三十 number 30"]),
    ]);
}

#[test]
fn times_and_durations() {
    check(&[
        ("下午三点半", &["下午三点半 time 15:30"]),
        ("晚上12点", &["晚上12点 time 00:00"]),
        ("八点零五分", &["八点零五分 time 08:05"]),
        ("21:50", &["21:50 time 21:50"]),
        ("十三点十分三十六秒", &["十三点十分三十六秒 time 13:10:36"]),
        ("明天下午三点", &["明天下午三点 datetime 2026-11-21T15:00"]),
        ("今晚8点", &["今晚8点 datetime 2026-11-20T20:00"]),
        ("一点二五", &["一点二五 number 1.25"]),
        ("八点三十", &["八点三十 time 08:30"]),
        ("三年半", &["三年半 duration 110376000s"]),
        ("两个半小时", &["两个半小时 duration 9000s"]),
        ("半个月", &["半个月 duration 1296000s"]),
        ("一小时二十分钟", &["一小时二十分钟 duration 4800s"]),
        ("三十天之内", &["三十天 duration 2592000s"]),
        ("第三天", &["三 number 3"]),
    ]);
}

#[test]
fn spaces_and_traditional_characters_are_no_matter() {
    check(&[
        ("三 千 五 百 塊 錢", &["三 千 五 百 塊 錢 money 3500CNY"]),
        ("兩萬五千", &["兩萬五千 number 25000"]),
        ("3500元", &["3500元 money 3500CNY"]),
        ("下週三", &["下週三 date 2026-11-25"]),
    ]);
}

#[test]
fn rows_without_end_are_no_numbers_and_take_no_time() {
    for row in ["9", "1,111", "九", "零", "万亿", "十万", "三点一"] {
        let text = row.repeat(20_000);
        assert!(mentions(&text, date(2026, 11, 20)).iter().all(|mention| mention.value.len() < 40), "{row}");
    }
}

proptest! {
    #[test]
    fn any_text_has_mentions_in_order_and_apart(text in "\\PC{0,30}|[零一二两三十百千万亿点分之年月日号块元毛角天周星期上下个半多几0-9.,:/ -]{0,30}", day in 1..28_i8) {
        let found = mentions(&text, date(2024, 2, day));
        let chars = text.chars().count() as u32;
        prop_assert!(found.iter().all(|mention| mention.chars.start < mention.chars.end && mention.chars.end <= chars));
        prop_assert!(found.windows(2).all(|pair| pair[0].chars.end <= pair[1].chars.start));
        prop_assert!(found.iter().all(|mention| !mention.value.is_empty() && !mention.value.contains("NaN") && !mention.value.contains("inf")));
    }
}
