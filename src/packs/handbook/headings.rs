//! The headings of a handbook.

use crate::units::Role;

/// In which language headings are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Headings {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Headings {
    /// Those for rules written in `language`: Chinese, or else English.
    #[must_use]
    pub fn of(language: &str) -> Self {
        if language.split(['-', '_']).next() == Some("zh") { Self::Zh } else { Self::En }
    }

    pub(super) const fn words(self) -> &'static Words {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }

    /// Who speaks.
    pub(super) const fn role(self, role: Role) -> &'static str {
        match (self, role) {
            (Self::En, role) => role.name(),
            (Self::Zh, Role::Agent) => "坐席",
            (Self::Zh, Role::Customer) => "客户",
            (Self::Zh, Role::Bot) => "机器人",
            (Self::Zh, Role::Third) => "第三人",
            (Self::Zh, Role::Unknown) => "未知",
        }
    }
}

/// Every heading.
pub(super) struct Words {
    pub(super) handbook: &'static str,
    pub(super) colon: &'static str,
    pub(super) counsel: &'static str,
    pub(super) owner: &'static str,
    pub(super) rule: &'static str,
    pub(super) title: &'static str,
    pub(super) severity: &'static str,
    pub(super) status: &'static str,
    pub(super) revision: &'static str,
    pub(super) languages: &'static str,
    pub(super) any: &'static str,
    pub(super) in_force: &'static str,
    pub(super) approved: &'static str,
    pub(super) what: &'static str,
    pub(super) why: &'static str,
    pub(super) misses: &'static str,
    pub(super) needs: &'static str,
    pub(super) nothing: &'static str,
    pub(super) sources: &'static str,
    pub(super) message: &'static str,
    pub(super) advice: &'static str,
    pub(super) reports: &'static str,
    pub(super) silent: &'static str,
    pub(super) not_evaluable: &'static str,
    pub(super) line: &'static str,
    pub(super) lists: &'static str,
    pub(super) list: &'static str,
    pub(super) means: &'static str,
    pub(super) source: &'static str,
    pub(super) terms: &'static str,
    pub(super) scorecards: &'static str,
    pub(super) item: &'static str,
    pub(super) about: &'static str,
    pub(super) max_points: &'static str,
    pub(super) first: &'static str,
    pub(super) each: &'static str,
    pub(super) bonus: &'static str,
    pub(super) pass: &'static str,
    pub(super) fail: &'static str,
    pub(super) coverage: &'static str,
}

const EN: Words = Words {
    handbook: "Handbook of rules",
    colon: ": ",
    counsel: "For counsel",
    owner: "Owner",
    rule: "Rule",
    title: "Title",
    severity: "Severity",
    status: "Status",
    revision: "Revision",
    languages: "Languages",
    any: "any",
    in_force: "In force",
    approved: "Approved",
    what: "What it finds",
    why: "Why",
    misses: "What it misses and must not report",
    needs: "Columns it needs",
    nothing: "none",
    sources: "Sources",
    message: "Message",
    advice: "Advice",
    reports: "Examples that it reports",
    silent: "Examples on which it stays silent",
    not_evaluable: "Examples that cannot be evaluated",
    line: "line",
    lists: "Lists of words",
    list: "List",
    means: "What it means",
    source: "Source",
    terms: "Words",
    scorecards: "Scorecards",
    item: "Item",
    about: "About",
    max_points: "Points",
    first: "First",
    each: "Each further",
    bonus: "Bonus",
    pass: "Passes from",
    fail: "Fails below",
    coverage: "Judged from a coverage of",
};

const ZH: Words = Words {
    handbook: "规则手册",
    colon: "：",
    counsel: "法务须知",
    owner: "负责",
    rule: "规则",
    title: "标题",
    severity: "严重度",
    status: "状态",
    revision: "版次",
    languages: "语言",
    any: "不限",
    in_force: "生效",
    approved: "批准",
    what: "发现什么",
    why: "为什么",
    misses: "发现不了的与不应报告的",
    needs: "所需清单列",
    nothing: "无",
    sources: "出处",
    message: "提示语",
    advice: "建议",
    reports: "应报告的例子",
    silent: "不应报告的例子",
    not_evaluable: "无法评价的例子",
    line: "行",
    lists: "词表",
    list: "词表",
    means: "含义",
    source: "出处",
    terms: "词数",
    scorecards: "评分卡",
    item: "项目",
    about: "针对",
    max_points: "分值",
    first: "首次扣",
    each: "每再一次扣",
    bonus: "加分",
    pass: "合格线",
    fail: "不合格线",
    coverage: "最低覆盖率",
};
