//! Legs of a call: who or what is on one side of it for a while.

use crate::units::{Role, Span};
use std::collections::BTreeMap;

/// Who or what is on a side of a call for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Where it starts in the recording, ms.
    pub start_ms: i64,
    /// Where it ends, the first millisecond after it; `None`: with the call.
    pub end_ms: Option<i64>,
    /// Who or what it is.
    pub party: Party,
    /// Which agent, where the leg says so.
    pub agent_id: Option<String>,
    /// On which side it is heard: the agent's or the customer's.
    pub side: Role,
}

/// Who or what a leg is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// A person of the centre.
    Agent,
    /// A robot that talks with the customer for the centre.
    Robot,
    /// A menu.
    Ivr,
    /// An announcement, of the network for instance.
    Announcement,
    /// A mailbox.
    Voicemail,
    /// An assistant that answers for somebody.
    Assistant,
    /// The person whom the centre serves or calls.
    Customer,
    /// A further person.
    Third,
    /// A colleague whom the agent asks while the customer waits.
    Consult,
}

impl Party {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Agent,
        Self::Robot,
        Self::Ivr,
        Self::Announcement,
        Self::Voicemail,
        Self::Assistant,
        Self::Customer,
        Self::Third,
        Self::Consult,
    ];

    /// Its name in files and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Robot => "robot",
            Self::Ivr => "ivr",
            Self::Announcement => "announcement",
            Self::Voicemail => "voicemail",
            Self::Assistant => "assistant",
            Self::Customer => "customer",
            Self::Third => "third",
            Self::Consult => "consult",
        }
    }

    /// The side on which it is where nobody says: the centre's own are on the agent's.
    #[must_use]
    pub const fn usual_side(self) -> Role {
        match self {
            Self::Agent | Self::Robot | Self::Ivr | Self::Consult => Role::Agent,
            Self::Announcement | Self::Voicemail | Self::Assistant | Self::Customer | Self::Third => Role::Customer,
        }
    }

    /// Whether it is no person.
    #[must_use]
    pub const fn is_machine(self) -> bool {
        matches!(self, Self::Robot | Self::Ivr | Self::Announcement | Self::Voicemail | Self::Assistant)
    }
}

/// Two legs that are on one side at once, by their places in the list that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The one that starts first.
    pub first: usize,
    /// The one that starts before the first has ended.
    pub second: usize,
}

/// Returns the legs by (start, side); one without an end ends where the next on its side starts, the last of a side with the call.
///
/// # Errors
///
/// [`Clash`] where two are on one side at once.
pub fn settle(legs: &[Leg]) -> Result<Vec<Leg>, Clash> {
    let mut by_side: BTreeMap<Role, Vec<usize>> = BTreeMap::new();
    for (place, leg) in legs.iter().enumerate() {
        by_side.entry(leg.side).or_default().push(place);
    }
    let mut settled = legs.to_vec();
    for places in by_side.values_mut() {
        places.sort_by_key(|&place| legs[place].start_ms);
        for pair in places.windows(2) {
            let (first, second) = (pair[0], pair[1]);
            let next_ms = legs[second].start_ms;
            let end_ms = *settled[first].end_ms.get_or_insert(next_ms);
            if end_ms > next_ms || legs[first].start_ms == next_ms {
                return Err(Clash { first, second });
            }
        }
    }
    settled.sort_by_key(|leg| (leg.start_ms, leg.side));
    Ok(settled)
}

/// The leg that `span` on `side` belongs to, where more than half of it lies in that leg; `legs` are by (side, start), and no two on one
/// side are there at once. A consultation takes both sides; a side that is neither the agent's nor the customer's has no other legs.
#[must_use]
pub(crate) fn leg_at(legs: &[Leg], side: Role, span: Span) -> Option<&Leg> {
    // The leg that most of a span is in has the span's middle, so it is the last that starts by then.
    let middle_ms = span.start_ms + span.length_ms() / 2;
    let on = |side: Role| {
        let begun = legs.partition_point(|leg| (leg.side, leg.start_ms) <= (side, middle_ms));
        legs[..begun].last().filter(|leg| leg.side == side && is_in(leg, span))
    };
    let both = [Role::Agent, Role::Customer];
    let consult = both.into_iter().filter_map(on).find(|leg| both.contains(&side) && leg.party == Party::Consult);
    consult.or_else(|| on(side))
}

fn is_in(leg: &Leg, span: Span) -> bool {
    let within = Span::new(leg.start_ms, leg.end_ms.unwrap_or(i64::MAX));
    match span.length_ms() {
        0 => within.start_ms <= span.start_ms && span.start_ms < within.end_ms,
        length_ms => within.overlap_ms(span) * 2 > length_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(start_ms: i64, end_ms: Option<i64>, party: Party) -> Leg {
        Leg { start_ms, end_ms, party, agent_id: None, side: party.usual_side() }
    }

    #[test]
    fn a_leg_without_an_end_lasts_until_the_next_on_its_side() {
        use Party::{Agent, Customer, Ivr, Voicemail};
        type Ends = Result<Vec<(i64, Option<i64>)>, (usize, usize)>;
        let cases: [(&str, Vec<Leg>, Ends); 8] = [
            ("none", vec![], Ok(vec![])),
            ("one", vec![leg(0, None, Ivr)], Ok(vec![(0, None)])),
            ("two", vec![leg(5, None, Agent), leg(0, None, Ivr)], Ok(vec![(0, Some(5)), (5, None)])),
            ("another side", vec![leg(0, None, Ivr), leg(5, None, Customer)], Ok(vec![(0, None), (5, None)])),
            ("a gap", vec![leg(0, Some(3), Ivr), leg(5, None, Agent)], Ok(vec![(0, Some(3)), (5, None)])),
            ("they touch", vec![leg(0, Some(5), Ivr), leg(5, Some(9), Agent)], Ok(vec![(0, Some(5)), (5, Some(9))])),
            ("over one another", vec![leg(5, None, Agent), leg(0, Some(6), Ivr)], Err((1, 0))),
            ("at once", vec![leg(0, None, Voicemail), leg(0, None, Customer)], Err((0, 1))),
        ];
        for (name, legs, expected) in cases {
            let ends = settle(&legs).map(|legs| legs.iter().map(|leg| (leg.start_ms, leg.end_ms)).collect());
            assert_eq!(ends.map_err(|clash| (clash.first, clash.second)), expected, "{name}");
        }
    }

    #[test]
    fn a_span_belongs_to_the_leg_that_most_of_it_is_in() {
        use Party::{Agent, Consult, Customer, Ivr};
        let legs = [
            leg(0, Some(1_000), Ivr),
            leg(1_000, Some(5_000), Agent),
            leg(5_000, Some(6_000), Consult),
            leg(0, None, Customer),
        ];
        let cases = [
            ("within", Role::Agent, (100, 900), Some(Ivr)),
            ("half is not most", Role::Agent, (500, 1_500), None),
            ("a little more", Role::Agent, (499, 1_500), Some(Ivr)),
            ("the other side", Role::Customer, (100, 900), Some(Customer)),
            ("a consultation is on both", Role::Customer, (5_000, 5_500), Some(Consult)),
            ("after the last of the side", Role::Agent, (7_000, 8_000), None),
            ("no length", Role::Agent, (1_000, 1_000), Some(Agent)),
            ("nobody's side", Role::Unknown, (5_000, 5_500), None),
        ];
        for (name, side, (start_ms, end_ms), expected) in cases {
            let leg = leg_at(&legs, side, Span::new(start_ms, end_ms));
            assert_eq!(leg.map(|leg| leg.party), expected, "{name}");
        }
    }

    #[test]
    fn of_many_legs_the_one_is_found_that_looking_at_all_finds() {
        use Party::{Agent, Assistant, Consult, Customer, Ivr, Robot, Third};
        let legs = [
            leg(0, Some(3), Ivr),
            leg(3, Some(4), Robot),
            leg(6, Some(9), Consult),
            leg(9, Some(12), Agent),
            leg(1, Some(2), Assistant),
            leg(2, Some(7), Customer),
            leg(10, None, Third),
        ];
        for (start_ms, end_ms) in (0..14).flat_map(|start_ms| (start_ms..15).map(move |end_ms| (start_ms, end_ms))) {
            let span = Span::new(start_ms, end_ms);
            for side in Role::ALL {
                let is_known = matches!(side, Role::Agent | Role::Customer);
                let mut all = legs.iter().filter(|leg| is_in(leg, span));
                let consult = all.clone().find(|leg| is_known && leg.party == Consult);
                let expected = consult.or_else(|| all.find(|leg| leg.side == side));
                assert_eq!(leg_at(&legs, side, span), expected, "{side:?} {span:?}");
            }
        }
    }
}
