//! Why a figure is not there, and what would bring it.

use crate::report::{Lack, Language};

pub(super) fn why(lack: Lack, language: Language) -> &'static str {
    match lack {
        Lack::AttemptsOfRun => language.say(
            "Not known: give the dialler's log to inspect (--attempts attempts.csv). Without it nobody knows of calls that have no recording.",
            "无法计算：请在 inspect 时提供拨打记录（--attempts attempts.csv）。没有它，就无从知道哪些通话缺少录音。",
        ),
        Lack::Attempts => language.say(
            "Not known: give the dialler's log (--attempts attempts.csv). Recordings know nothing of calls that nobody answered.",
            "无法计算：请提供拨打记录（--attempts attempts.csv）。录音不包含未接通的拨打。",
        ),
        Lack::Reviews => language.say(
            "Not known: give the reviewers' decisions (--reviews reviews.csv). Until then findings are reported, not confirmed.",
            "无法计算：请提供复核结果（--reviews reviews.csv）。在此之前，发现仅为系统报告，未经确认。",
        ),
        Lack::Outcomes => language.say(
            "Not known: give what calls led to (--outcomes outcomes.csv: promised, paid, complaint).",
            "无法计算：请提供通话结果（--outcomes outcomes.csv：承诺、还款、投诉）。",
        ),
        Lack::Cost => language.say(
            "Not known: say what the inspection cost (--cost).",
            "无法计算：请说明质检费用（--cost）。",
        ),
        Lack::Dates => language.say(
            "Not known: the manifest does not say when calls started (started_at).",
            "无法计算：清单中没有通话开始时间（started_at）。",
        ),
        Lack::Agents => language.say(
            "Not known: the manifest names no agents (agent_id).",
            "无法计算：清单中没有坐席（agent_id）。",
        ),
        Lack::Teams => language.say("Not known: the manifest names no teams (team).", "无法计算：清单中没有班组（team）。"),
        Lack::Agencies => language.say(
            "Not known: the manifest has no column agency.",
            "无法计算：清单中没有 agency（机构）列。",
        ),
        Lack::Customers => language.say(
            "Not known: the manifest names no customers (customer_id).",
            "无法计算：清单中没有客户（customer_id）。",
        ),
        Lack::Calls => language.say(
            "Not known: nobody has the 20 calls that a ranking needs.",
            "无法计算：没有人达到排名所需的20通有效通话。",
        ),
    }
}
