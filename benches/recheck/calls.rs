//! A batch of calls as facts: sentences in the manner of bank and collections calls, drawn from a seed.

use callsift::facts::{
    CallFacts, CallOutcome, Facts, Interruption, RateFacts, Silence, SoundFacts, SpeakerFacts, Status, StretchFacts,
    TurnFacts, TurnWord,
};
use callsift::recording::{Metadata, StartedAt};
use callsift::units::{Role, Span};
use std::collections::BTreeMap;

/// Utterances of a call.
pub(crate) const TURNS: usize = 25;

/// Length of a call.
const CALL_MS: i64 = 180_000;

/// Stretches of speech of a call.
const STRETCHES: usize = 60;

/// 2026-11-20T01:00:00Z, which is 09:00 in Shanghai.
const MORNING_US: i64 = 1_795_136_400_000_000;

/// Numbers that depend on the seed alone (splitmix64, Steele and others 2014).
pub(crate) struct Draw(pub u64);

impl Draw {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.number() % bound as u64) as usize
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn tenths(&mut self, from: i32, to: i32) -> f32 {
        (from * 10 + self.below(((to - from) * 10) as usize) as i32) as f32 / 10.0
    }

    fn hex(&mut self) -> String {
        (0..4).map(|_| format!("{:016x}", self.number())).collect()
    }
}

/// `count` calls of [`TURNS`] utterances; every other sentence is one of `real`, where there are any.
pub(crate) fn calls(count: usize, with_word_times: bool, real: &[String]) -> Vec<Facts> {
    let mut draw = Draw(7);
    (0..count).map(|index| call(index, with_word_times, real, &mut draw)).collect()
}

/// The call of that number.
pub(crate) fn call(index: usize, with_word_times: bool, real: &[String], draw: &mut Draw) -> Facts {
    let turns: Vec<TurnFacts> = (0..TURNS)
        .map(|turn| {
            let text = sentence(turn, real, draw);
            self::turn(turn, text, with_word_times, draw)
        })
        .collect();
    let stretches = (0..STRETCHES).map(|at| stretch(at, draw)).collect();
    Facts { call: call_facts(index, with_word_times, draw), turns, stretches, entities: vec![] }
}

/// What is said in the utterance `turn`: nine calls in ten open and close as they should.
fn sentence(turn: usize, real: &[String], draw: &mut Draw) -> String {
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

fn turn(turn: usize, text: String, with_word_times: bool, draw: &mut Draw) -> TurnFacts {
    let chars = text.chars().filter(|c| c.is_alphanumeric()).count() as i32;
    let start_ms = turn as i64 * (CALL_MS / TURNS as i64) + draw.below(900) as i64;
    let span = Span::new(start_ms, start_ms + i64::from(chars) * 230 + draw.below(400) as i64);
    let per_min = |ms: i64| (f64::from(chars) * 600_000.0 / ms.max(1) as f64).round() as f32 / 10.0;
    TurnFacts {
        turn: turn as i32,
        turn_group: turn as i32,
        role: side(turn),
        channel: Some((turn % 2) as i32),
        span,
        words: if with_word_times { words(&text, span) } else { vec![] },
        text,
        language: Some("zh".into()),
        chars,
        words_n: 0,
        syllables: None,
        rate: Some(RateFacts {
            articulation_per_min: per_min(span.length_ms()),
            turn_per_min: per_min(span.length_ms() + 150),
            elapsed_per_min: None,
            counts: "chars".into(),
            method: "text-1".into(),
        }),
        loudness_dbfs: Some(draw.tenths(-30, -18)),
        loudness_over_usual_db: Some(draw.tenths(-4, 5)),
        pitch_hz: Some(draw.tenths(110, 260)),
        anger_acoustic: None,
        anger_features: vec![],
        anger_engine: None,
        engine_emotion: None,
        engine_event: None,
        confidence: Some(draw.below(300) as f32 / 1_000.0 + 0.7),
        overlap_ms: Some(0),
        gap_before_ms: Some(draw.below(900) as i64),
    }
}

fn side(turn: usize) -> Role {
    if turn.is_multiple_of(2) { Role::Agent } else { Role::Customer }
}

/// Words of two characters.
fn words(text: &str, span: Span) -> Vec<TurnWord> {
    let count = text.chars().count() as i64;
    let at = |char: i64| span.start_ms + span.length_ms() * char / count;
    let word = |start: i64| TurnWord {
        char_start: start as i32,
        char_end: (start + 2).min(count) as i32,
        start_ms: at(start),
        end_ms: at((start + 2).min(count)),
        estimated: false,
    };
    (0..count).step_by(2).map(word).collect()
}

fn stretch(at: usize, draw: &mut Draw) -> StretchFacts {
    let start_ms = at as i64 * (CALL_MS / STRETCHES as i64) + 10 * draw.below(90) as i64;
    StretchFacts {
        channel: (at % 2) as i32,
        role: side(at),
        span: Span::new(start_ms, start_ms + 300 + 10 * draw.below(170) as i64),
        loudness_dbfs: draw.tenths(-30, -18),
        pitch_hz: Some(draw.tenths(110, 260)),
        anger: None,
    }
}

fn call_facts(index: usize, with_word_times: bool, draw: &mut Draw) -> CallFacts {
    CallFacts {
        call_id: format!("2026-11-20/call-{index:06}.wav"),
        recording: Some(format!("2026-11-20/call-{index:06}.wav")),
        file_sha256: Some(draw.hex()),
        file_bytes: Some(2_880_044 + draw.below(90_000) as i64),
        transcript_sha256: Some(draw.hex()),
        metadata_sha256: draw.hex(),
        settings_hash: "0123456789abcdef".into(),
        facts_version: 1,
        mask_version: 1,
        status: Status::Ok,
        error: None,
        metadata: metadata(index, draw),
        prior_calls: vec![],
        sound: Some(SoundFacts {
            decoder: "symphonia".into(),
            codec: "pcm_alaw".into(),
            rate_hz: 8_000,
            analysis_rate_hz: 8_000,
            channels: 2,
            duration_ms: CALL_MS + draw.below(900) as i64,
            warnings: vec![],
        }),
        sanity_flags: vec![],
        language: Some("zh".into()),
        language_from: Some("manifest".into()),
        roles_from: Some("channels".into()),
        has_transcript: true,
        engine: Some("saved".into()),
        engine_model: None,
        engine_confidence: Some(draw.below(300) as f32 / 1_000.0 + 0.7),
        has_word_times: with_word_times,
        overlap_measurable: true,
        outcome: Some(CallOutcome::Conversation),
        eligible: true,
        agent: speaker(draw),
        customer: speaker(draw),
        silences: silences(draw),
        interruptions: interruptions(draw),
        overlap_ms: Some(draw.below(2_000) as i64),
    }
}

fn metadata(index: usize, draw: &mut Draw) -> Metadata {
    let text = |value: &str| Some(value.to_owned());
    Metadata {
        started_at: Some(StartedAt {
            timestamp_us: MORNING_US + draw.below(9 * 3_600) as i64 * 1_000_000,
            utc_offset_min: 480,
        }),
        agent_id: Some(format!("agent-{:03}", index / 9)),
        team: Some(format!("team-{}", index / 40)),
        customer_id: Some(format!("customer-{:07}", draw.below(10_000_000))),
        callee_role: text(draw.of(&["debtor", "debtor", "debtor", "related_third"])),
        customer_zone: text("Asia/Shanghai"),
        queue: text(draw.of(&["M1", "M2", "service"])),
        product: text(draw.of(&["card", "loan"])),
        stage: text("pre_litigation"),
        direction: text("outbound"),
        ended_by: text(draw.of(&["agent", "customer"])),
        language: text("zh"),
        extra: BTreeMap::from([
            ("branch".to_owned(), format!("branch-{}", draw.below(40))),
            ("due_amount".to_owned(), draw.below(20_000).to_string()),
        ]),
    }
}

fn speaker(draw: &mut Draw) -> SpeakerFacts {
    SpeakerFacts {
        talk_ms: Some(60_000 + draw.below(30_000) as i64),
        talk_share: Some(draw.below(1_000) as f32 / 1_000.0),
        rate: Some(RateFacts {
            articulation_per_min: draw.tenths(200, 290),
            turn_per_min: draw.tenths(180, 250),
            elapsed_per_min: Some(draw.tenths(80, 140)),
            counts: "chars".into(),
            method: "text-1".into(),
        }),
        loudness_dbfs: Some(draw.tenths(-26, -22)),
        loudness_range_db: Some(draw.tenths(4, 12)),
        pitch_hz: Some(draw.tenths(120, 240)),
        pitch_low_hz: Some(draw.tenths(90, 120)),
        pitch_high_hz: Some(draw.tenths(240, 300)),
        anger: None,
    }
}

fn silences(draw: &mut Draw) -> Vec<Silence> {
    let silence = |draw: &mut Draw| {
        let start_ms = 10 * draw.below(17_000) as i64;
        Silence { span: Span::new(start_ms, start_ms + 3_000 + 10 * draw.below(300) as i64), of: side(draw.below(2)) }
    };
    (0..draw.below(3)).map(|_| silence(draw)).collect()
}

fn interruptions(draw: &mut Draw) -> Vec<Interruption> {
    let interruption = |draw: &mut Draw| {
        let start_ms = 10 * draw.below(17_000) as i64;
        Interruption {
            by: side(draw.below(2)),
            span: Span::new(start_ms, start_ms + 300 + 10 * draw.below(70) as i64),
            into_turn_ms: 500 + draw.below(4_000) as i64,
            yielded: draw.below(2) == 0,
            backchannel: draw.below(2) == 0,
        }
    };
    (0..draw.below(4)).map(|_| interruption(draw)).collect()
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
