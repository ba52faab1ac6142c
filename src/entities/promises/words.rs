//! The words by which promises to pay are told.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::sync::OnceLock;

/// Words that stand for one thing, and longer ones that hold them and stand for another.
pub(super) struct Words {
    /// Set apart by spaces.
    of: &'static str,
    but: &'static str,
    /// All of them, and how many of the first there are.
    compiled: OnceLock<(AhoCorasick, usize)>,
}

impl Words {
    const fn new(of: &'static str, but: &'static str) -> Self {
        Self { of, but, compiled: OnceLock::new() }
    }

    /// Whether any of them is in `text`.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let (automaton, own) = self.compiled.get_or_init(|| self.compile());
        automaton.find_iter(text).any(|found| found.pattern().as_usize() < *own)
    }

    /// The words.
    #[cfg(test)]
    pub(super) fn all(&self) -> impl Iterator<Item = &'static str> {
        self.of.split_whitespace()
    }

    fn compile(&self) -> (AhoCorasick, usize) {
        let words = self.of.split_whitespace().chain(self.but.split_whitespace());
        // Clauses are short, so nothing is gained by looking ahead for where a word may start.
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::LeftmostLongest).kind(Some(AhoCorasickKind::DFA)).prefilter(false);
        let automaton = builder.build(words);
        (automaton.expect("a few short words always fit"), self.of.split_whitespace().count())
    }
}

/// What holds a way to pay and speaks of something else.
const NO_PAY: &str = "还没 还有 还是 还得 还要 还能 还在 还不 还想 还差 还欠 还行 还好 还会 还可以 还需要 还算 还真 还说 还让 \
         还剩 交代 交通 交流 交材料 交资料 交证明 交文件 交申请 打电话 打个电话 打给我 打扰 打算 打工 打官司 打听 \
         打折 转告 转人工 存在 付出";

/// Ways to pay; in longer words 还 is no paying, and the others are no ways to pay.
pub(super) static PAY: Words =
    Words::new("还 付 存 转 打过 打进 打到 打钱 打款 交 缴 处理 结清 结掉 汇 补上 补齐 清掉 清了 弄好 搞定", NO_PAY);

/// What is paying where a sum stands beside it.
pub(super) static PAY_A_SUM: Words = Words::new("给你 给您 打 弄 凑 拿 充", NO_PAY);

/// What makes a clause promise nothing: it is denied, over, somebody else's, or was said before.
pub(super) static NOT_SO: Words = Words::new(
    "不 没 别 无 拒 哪 什么 怎么 凭 已经 还过 付过 还的 昨天 前天 上次 上个月 上周 刚才 刚刚 刚还 说过 答应过 \
         以前 去年 本来 原本 本想 欠 借 骗 逼 他 她 老婆 老公 儿子 女儿 朋友 别人 老板 太多 太高 太少 休想 做梦",
    "不过 没问题 没事 不好意思 差不多 别担心 不用担心 没错",
);

/// What is over where no day after today is named.
pub(super) static OVER: Words = Words::new("还了 付了 存了 转了 交了 缴了", "");

/// What is just to be done though it sounds as over: 今天就把它还了.
pub(super) static JUST_NOW: Words = Words::new("就把 就还", "");

/// What makes the whole line promise nothing.
pub(super) static VAGUE: Words = Words::new(
    "尽量 争取 看看 看情况 再说 可能 也许 不一定 说不定 不敢保证 不保证 不能保证 想想办法 想办法 考虑 商量 \
         试试 到时候 估计 大概 不好说 不确定 没准 尽力 努力 希望 应该能 应该可以 未必 难说 看吧 想想 随便 回头",
    "",
);

/// What makes the rest of the line hang on something else; to wait a moment does not.
pub(super) static HANGS: Words =
    Words::new("如果 要是 假如 万一 除非 的话 只要 一旦 等", "等下 等会 等等 等一下 等一会");

/// What asks.
pub(super) static ASKS: Words =
    Words::new("吗 能不能 可不可以 行不行 好不好 可以不 行不 是不是 多少 几号 什么 啥 怎 哪 谁 ?", "");

/// What an agent says of a debt, not of a payment to come.
pub(super) static OWED: Words =
    Words::new("欠 逾期 未还 没还 没有还 已经还 还了 收到 到账 利息 罚息 手续费 违约金 额度 退", "");

/// What asks when or how much.
pub(super) static WHEN: Words =
    Words::new("什么时候 啥时候 几号 哪天 多久 什么时间 几点 多少 何时 哪一天 啥时 几时", "");
