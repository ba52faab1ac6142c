//! Contact within the law, and promises to pay.

use super::scene::Scene;
use super::view::{Block, Cell, Section, Table};
use crate::report::text::{count, percent, percent_interval};
use crate::report::{Known, Promises};
use jiff::civil::DateTime;

pub(super) fn contact(scene: &Scene<'_>) -> Section {
    let lists = [debtor_days(scene), number_days(scene), night(scene), third_persons(scene)];
    let blocks = lists.into_iter().flatten().collect();
    let lead = scene.say(
        "What these limits rest on stands with the rules; none of it is legal advice.",
        "各项限制的依据见规则说明；以下不构成法律意见。",
    );
    Section::new("contact", scene.say("Is contact lawful?", "联系是否合规"), lead, blocks)
}

fn debtor_days(scene: &Scene<'_>) -> Vec<Block> {
    let head = [
        scene.say("Day", "日期"),
        scene.say("Customer", "客户"),
        scene.say("#Calls", "#通话"),
        scene.say("#Of 10 s", "#满10秒"),
        scene.say("#Of 30 s", "#满30秒"),
    ];
    let caption = scene.say("Debtors with more than 3 calls on a day", "同一债务人一天超过3通");
    listed(scene, &scene.figures.contact.debtor_days, caption, &head, |day| {
        let names = [Cell::text(day.date.to_string()), Cell::text(day.customer_id.as_str())];
        names.into_iter().chain([day.calls_0_s, day.calls_10_s, day.calls_30_s].map(number)).collect()
    })
}

fn number_days(scene: &Scene<'_>) -> Vec<Block> {
    let head = [
        scene.say("Day", "日期"),
        scene.say("Number", "号码键"),
        scene.say("#Attempts", "#拨打"),
        scene.say("#Answered", "#接通"),
    ];
    let caption = scene.say("Numbers tried more than 6 times on a day", "同一号码一天拨打超过6次");
    listed(scene, &scene.figures.contact.number_days, caption, &head, |day| {
        let names = [Cell::text(day.date.to_string()), Cell::text(day.number.as_str())];
        names.into_iter().chain([day.attempts, day.answered].map(number)).collect()
    })
}

fn night(scene: &Scene<'_>) -> Vec<Block> {
    let head =
        [scene.say("Call", "通话"), scene.say("From", "开始"), scene.say("To", "结束"), scene.say("Agent", "坐席")];
    let caption = scene.say("Talk between 22:00 and 8:00", "22:00至8:00之间的通话");
    listed(scene, &scene.figures.contact.night, caption, &head, |call| {
        let agent = Cell::text(call.agent_id.clone().unwrap_or_default());
        vec![scene.call_cell(&call.call_id), minute(call.started_local), minute(call.ended_local), agent]
    })
}

fn third_persons(scene: &Scene<'_>) -> Vec<Block> {
    let head = [
        scene.say("When", "时间"),
        scene.say("Debtor", "债务人"),
        scene.say("Number", "号码键"),
        scene.say("#Attempts before", "#此前拨打"),
        scene.say("#In vain", "#其中未接通"),
    ];
    let caption = scene.say("Third persons reached before contact was lost", "失联前已联系第三人");
    listed(scene, &scene.figures.contact.third_persons, caption, &head, |person| {
        let (debtor, third) = (Cell::text(person.customer_id.as_str()), Cell::text(person.number.as_str()));
        let names = [minute(person.ring_local), debtor, third];
        names.into_iter().chain([person.attempts_before, person.failures_before].map(number)).collect()
    })
}

fn minute(at: DateTime) -> Cell {
    Cell::text(at.strftime("%Y-%m-%d %H:%M").to_string())
}

fn number(number: u64) -> Cell {
    Cell::number(count(number))
}

fn listed<T>(
    scene: &Scene<'_>,
    known: &Known<Vec<T>>,
    caption: &str,
    head: &[&str],
    row: impl Fn(&T) -> Vec<Cell>,
) -> Vec<Block> {
    let mut blocks = scene.blocks(known, |rows| {
        let caption = format!("{caption}{}{}", scene.say(": ", "："), count(rows.len() as u64));
        vec![if rows.is_empty() {
            Block::Note { text: caption }
        } else {
            Block::Table { table: Table::new(&caption, head, rows.iter().map(row).collect()) }
        }]
    });
    if let [Block::Missing { text }] = blocks.as_mut_slice() {
        *text = format!("{caption}{}{text}", scene.say(": ", "："));
    }
    blocks
}

pub(super) fn promises(scene: &Scene<'_>) -> Section {
    let blocks = scene.blocks(&scene.figures.promises, |groups| {
        let row = |group: &Promises| {
            let name = |name: &str| Cell::text(if name.is_empty() { "–" } else { name });
            vec![
                name(&group.team),
                name(&group.product),
                Cell::number(percent(group.kept)).below(percent_interval(group.kept)),
                number(group.kept.of),
                number(group.late),
                number(group.broken),
                number(group.open),
                Cell::number(format!("{:.2}", group.paid)),
            ]
        };
        let head = [
            scene.say("Team", "班组"),
            scene.say("Product", "产品"),
            scene.say("#Kept", "#按期履约"),
            scene.say("#Due", "#已到期"),
            scene.say("#Late", "#逾期还款"),
            scene.say("#Broken", "#未还"),
            scene.say("#Open", "#未到期"),
            scene.say("#Paid", "#还款金额"),
        ];
        vec![Block::Table {
            table: Table::new(scene.say("Promises to pay", "还款承诺"), &head, groups.iter().map(row).collect()),
        }]
    });
    Section::new("promises", scene.say("Are promises kept?", "承诺是否兑现"), "", blocks)
}
