//! Given names, found only between a listed surname and an honorific.

use crate::transcript::normalise::simplified;
use std::ops::Range;

/// Surnames of one character, the commonest first (Ministry of Public Security, report on names of 2020, and further common
/// ones); those that are more often another word (和, 那, 都) are left out.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈\
    钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛段郝顾龚邵万覃武钱戴严莫孔汤常赖章葛岑柳殷伍庄阎\
    凌俞翟樊柯倪季裴祝尤鲁耿辛申牛齐柴舒詹洪冉霍涂欧岳聂焦古蒲卓阮靳车包左宁关翁蓝梅温褚桂盛欧瞿佟游屈臧穆骆喻邢卞应";

/// Surnames of two characters.
const DOUBLE_SURNAMES: [&str; 18] = [
    "欧阳", "司马", "上官", "诸葛", "夏侯", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙",
    "南宫", "独孤", "端木", "轩辕",
];

/// How people are addressed, longest first.
const HONORIFICS: [&str; 13] =
    ["先生", "女士", "小姐", "太太", "夫人", "阿姨", "叔叔", "大哥", "大姐", "老师", "师傅", "同志", "同学"];

/// Titles, trades and abuse that stand where a given name would.
const TITLES: [&str; 38] = [
    "经理", "主任", "总监", "司机", "医生", "律师", "法官", "警官", "客服", "专员", "骗子", "老板", "主管", "助理",
    "会计", "队长", "组长", "科长", "处长", "局长", "院长", "校长", "老总", "董事", "代理", "债务", "担保", "教授",
    "书记", "教练", "店长", "厂长", "老师", "师傅", "大哥", "大姐", "同志", "无赖",
];

/// Characters that are in no given name.
const PARTICLES: &str = "的了吗呢吧啊你我他她您们这那个位是在被把问叫找请跟给说某氏";

/// Characters that may be in a given name, but join words where a surname follows (李和张先生).
const JOINING: &str = "有和要对到向与从让及就都也还不或姓总董哥姐";

/// Words that start with a character of [`SURNAMES`].
const WORDS: [&str; 70] = [
    "马上", "于是", "由于", "方便", "方面", "方法", "高兴", "高级", "任何", "任意", "何时", "何况", "周一", "周二",
    "周三", "周四", "周五", "周六", "周日", "周末", "江苏", "金融", "金额", "白天", "黄金", "万一", "毛病", "段时",
    "余额", "应该", "应当", "尤其", "谢谢", "许多", "常常", "关于", "关系", "古代", "陈述", "曾经", "包括", "包含",
    "温馨", "严重", "安全", "左右", "车辆", "钱款", "程序", "章程", "武汉", "石油", "田地", "秦皇", "宁可", "宁波",
    "游戏", "高中", "高一", "高二", "高三", "高职", "高校", "高考", "钟点", "包工", "车间", "任课", "游泳", "金牌",
];

/// Returns where the given names in `text` are, in Unicode scalar values, in order: one or two characters after a
/// listed surname and directly before an honorific (张**伟**先生). A title in that place (骗子先生, 王经理先生) is no name.
pub(super) fn given_names(text: &str) -> Vec<Range<u32>> {
    if !text.contains(starts_an_honorific) {
        return Vec::new();
    }
    let chars: Vec<(u32, char)> = text
        .chars()
        .enumerate()
        .filter(|(_, c)| !c.is_whitespace())
        .map(|(at, c)| (at as u32, simplified(c)))
        .collect();
    let close: String = chars.iter().map(|&(_, c)| c).collect();
    // Few utterances address anyone; the others need no second look.
    if !HONORIFICS.iter().any(|honorific| close.contains(honorific)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for at in 0..chars.len() {
        if starts_with_any(&chars[at..], &HONORIFICS)
            && let Some(length) = given_before(&chars[..at])
        {
            found.push(chars[at - length].0..chars[at - 1].0 + 1);
        }
    }
    found
}

/// Whether any of [`HONORIFICS`] starts with `c`: most utterances hold none of these characters.
const fn starts_an_honorific(c: char) -> bool {
    matches!(c, '先' | '女' | '小' | '太' | '夫' | '阿' | '叔' | '大' | '老' | '师' | '師' | '同')
}

/// How many characters of a given name `before`, what stands before an honorific, ends with.
fn given_before(before: &[(u32, char)]) -> Option<usize> {
    let ends_in_surname =
        |text: &[(u32, char)]| text.len() >= 2 && starts_with_any(&text[text.len() - 2..], &DOUBLE_SURNAMES);
    if ends_in_surname(before) {
        return None;
    }
    let double =
        |given: &usize| before.len().checked_sub(*given).is_some_and(|start| ends_in_surname(&before[..start]));
    let single = |given: &usize| {
        before
            .len()
            .checked_sub(given + 1)
            .is_some_and(|start| SURNAMES.contains(before[start].1) && !starts_with_any(&before[start..], &WORDS))
    };
    let named = |given: &usize| *given <= before.len() && is_given(&before[before.len() - given..]);
    [2, 1].into_iter().filter(named).find(double).or_else(|| [2, 1].into_iter().filter(named).find(single))
}

fn is_given(name: &[(u32, char)]) -> bool {
    let han = name.iter().all(|&(_, c)| ('\u{4E00}'..='\u{9FFF}').contains(&c) && !PARTICLES.contains(c));
    let joins = match name {
        [(_, only)] => JOINING.contains(*only),
        [(_, first), (_, last)] => JOINING.contains(*first) && SURNAMES.contains(*last),
        _ => false,
    };
    han && !joins && !starts_with_any(name, &TITLES)
}

fn starts_with_any(text: &[(u32, char)], words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| word.chars().count() <= text.len() && word.chars().zip(text).all(|(c, &(_, other))| c == other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_honorific_starts_as_is_known() {
        assert!(HONORIFICS.iter().all(|honorific| honorific.starts_with(starts_an_honorific)));
    }

    #[test]
    fn masks_names_and_leaves_titles() {
        let cases = [
            ("one character", "您好张伟先生", "您好张█先生"),
            ("two characters", "请问是王小明先生吗", "请问是王██先生吗"),
            ("two people", "李和张先生", "李和张先生"),
            ("a joining character in a name", "李和平先生", "李██先生"),
            ("double surname", "欧阳明女士", "欧阳█女士"),
            ("double surname alone", "欧阳女士", "欧阳女士"),
            ("spaces", "张 伟 先生", "张 █ 先生"),
            ("surname alone", "张先生您好", "张先生您好"),
            ("abuse", "骗子先生", "骗子先生"),
            ("surname and abuse", "李骗子先生", "李骗子先生"),
            ("title", "王经理先生", "王经理先生"),
            ("a word that starts with a surname", "马上先生", "马上先生"),
            ("a school that starts with a surname", "我是他高中同学", "我是他高中同学"),
            ("conjunction", "于是张先生", "于是张先生"),
            ("title after a name", "张伟经理", "张伟经理"),
        ];
        for (name, text, expected) in cases {
            let mut chars: Vec<char> = text.chars().collect();
            given_names(text).into_iter().flatten().for_each(|at| chars[at as usize] = '█');
            let masked: String = chars.into_iter().collect();
            assert_eq!(masked, expected, "{name}");
        }
    }
}
