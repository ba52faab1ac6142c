//! Sentences in the manner of bank and collections calls; a few breach rules.

use super::calls::TURNS;
use super::draw::Draw;

/// What is said in the utterance `turn`: nine calls in ten open and close as they should.
pub(crate) fn sentence(turn: usize, real: &[String], draw: &mut Draw) -> String {
    let proper = draw.below(10) > 0;
    if turn == 0 && proper {
        let bank = draw.of(&BANKS);
        return format!(
            "您好,这里是{bank},工号{},本次通话会录音,请问是{}本人吗?",
            1000 + draw.below(9000),
            draw.of(&NAMES)
        );
    }
    if turn + 1 == TURNS && proper {
        return draw.of(&CLOSINGS).to_owned();
    }
    if draw.below(1000) < 4 {
        return format!("{},{}。", draw.of(&OPENERS), draw.of(&BREACHES));
    }
    if !real.is_empty() && draw.below(2) == 0 {
        return real[draw.below(real.len())].clone();
    }
    let (first, second) =
        if turn.is_multiple_of(2) { (&AGENT_FIRST, &AGENT_SECOND) } else { (&CUSTOMER_FIRST, &CUSTOMER_SECOND) };
    let text = format!("{},{},{}", draw.of(&OPENERS), draw.of(first), draw.of(second));
    text.replace("{day}", draw.of(&DAYS))
        .replace("{sum}", &format!("{}", 300 + 10 * draw.below(2000)))
        .replace("{who}", draw.of(&NAMES))
        .replace("{thing}", draw.of(&THINGS))
}

const BANKS: [&str; 6] =
    ["云杉银行", "海棠银行信用卡中心", "落叶松银行", "青竹消费金融公司", "白桦银行客服中心", "红枫银行"];

const NAMES: [&str; 8] = ["王先生", "李女士", "周先生", "赵女士", "孙先生", "钱女士", "吴先生", "郑女士"];

const DAYS: [&str; 10] =
    ["今天下午", "明天上午", "后天", "这周五", "下周一", "月底", "下个月五号", "十五号", "过完节", "发薪那天"];

const THINGS: [&str; 12] = [
    "账单",
    "分期",
    "对账单",
    "手机银行",
    "绑定的卡",
    "扣款账户",
    "协商方案",
    "还款计划",
    "最低还款额",
    "利息减免",
    "自动扣款",
    "短信提醒",
];

const CLOSINGS: [&str; 4] =
    ["感谢您的接听,祝您生活愉快,再见。", "那先不打扰您了,再见。", "好的,感谢您的来电,再见。", "谢谢您的配合,再见。"];

const OPENERS: [&str; 24] = [
    "嗯",
    "好的",
    "是这样的",
    "那个",
    "我看一下",
    "麻烦您",
    "对",
    "您稍等",
    "这样吧",
    "其实",
    "我跟您说",
    "没问题",
    "那我确认一下",
    "明白了",
    "也就是说",
    "另外",
    "还有一点",
    "我想问一下",
    "不好意思",
    "刚才讲到",
    "这边看到",
    "说实话",
    "所以",
    "行",
];

const AGENT_FIRST: [&str; 24] = [
    "您{day}之前把{sum}元存进去就可以",
    "系统显示{thing}还有一笔{sum}元",
    "我帮您登记一下{thing}",
    "{who}您这边方便记一下吗",
    "上次跟您核对过{thing}",
    "您的{thing}是{day}更新的",
    "目前这个方案一共分十二期",
    "如果{day}能处理{sum}元的话",
    "我们已经收到您提交的{thing}材料",
    "您可以在{thing}里面自己操作",
    "柜台周末也能办理{thing}",
    "这个费用是按天计算的",
    "当时签的合同里面写得很清楚",
    "我给您转到负责{thing}的同事",
    "您先看一下{day}的短信",
    "{thing}这一块我再帮您查查",
    "您之前是{day}办的对吧",
    "剩下的{sum}元可以慢慢来",
    "这边给您申请了一个优惠",
    "审批结果大概{day}出来",
    "您留的地址还是原来那个吗",
    "到账时间一般是两个小时以内",
    "{thing}需要您本人确认",
    "我把刚才的内容重复一遍",
];

const AGENT_SECOND: [&str; 20] = [
    "您看这样安排可以吗?",
    "有什么不清楚的您随时问我。",
    "后面会有同事再联系您。",
    "麻烦您留意一下。",
    "这样对您的影响最小。",
    "您觉得压力大不大?",
    "我先给您备注上。",
    "到时候系统会自动处理。",
    "请您核对一下数字。",
    "具体以页面显示为准。",
    "我等您的回复。",
    "咱们一步一步来。",
    "这个您放心。",
    "您记得保留凭证。",
    "方便的话现在就能办。",
    "您还有别的安排吗?",
    "利率按原来的执行。",
    "总共是{sum}元整。",
    "我再确认一遍日期,{day}。",
    "您收到以后告诉我一声。",
];

const CUSTOMER_FIRST: [&str; 24] = [
    "我{day}才有时间去弄",
    "我这个月手头比较紧",
    "{sum}元我一次拿出来有点多",
    "你说的{thing}我没看到",
    "我上次已经跟你们同事讲过了",
    "我在外地出差要{day}回来",
    "家里老人最近住院花了不少",
    "单位{day}才结账",
    "我想先处理一半",
    "{thing}我一直都是按时的",
    "我记得没有这么多",
    "能不能再宽限几天",
    "我老婆管这个卡",
    "你把{thing}再发给我一遍",
    "我手机上打不开那个页面",
    "这个利息是怎么算的",
    "我去年办的时候不是这样讲的",
    "等我问一下家里人",
    "我先记下来{day}和{sum}元",
    "我现在正在开车",
    "孩子刚开学要交费用",
    "店里生意这两个月不太好",
    "我其实{day}存过一次",
    "你们那个客服电话总占线",
];

const CUSTOMER_SECOND: [&str; 20] = [
    "你看行不行?",
    "到时候我给你回话。",
    "我也想早点弄完。",
    "你帮我看看吧。",
    "我真的没骗你。",
    "你再说一遍金额。",
    "可以分几次吗?",
    "我记一下。",
    "那就先这样。",
    "我回去看看再说。",
    "能少一点吗?",
    "什么时候能好?",
    "谢谢你啊。",
    "应该没问题。",
    "我不太懂这些。",
    "你发短信给我吧。",
    "大概要多久?",
    "我考虑考虑。",
    "那我{day}过去一趟。",
    "手续麻烦吗?",
];

const BREACHES: [&str; 12] = [
    "再不处理我们就派人到你家里去",
    "你他妈的到底想不想解决",
    "你把收到的验证码报给我",
    "我们会通知你单位的领导和同事",
    "你已经被列入黑名单了",
    "我是公安局的你听清楚",
    "你转到我个人微信上就行",
    "信不信我弄死你",
    "我不还了你爱怎么样怎么样",
    "我要去银保监会投诉你们",
    "法院的传票已经寄出来了",
    "你这个骗子真不要脸",
];
