//! Sums by agent.

use super::by_rule::named;
use super::model::{AgentFigures, Known, Lack};
use super::sums::{Sums, is_ranked, rank};
use super::weighed::Weighed;
use jiff::civil::DateTime;
use std::collections::BTreeMap;

/// What is added up of each agent.
#[derive(Clone, Debug, Default)]
pub(super) struct Agents(BTreeMap<String, AgentSums>);

#[derive(Clone, Debug, Default)]
struct AgentSums {
    /// Start and id of the last call, and its team.
    last: (Option<DateTime>, String),
    team: Option<String>,
    calls: u64,
    answered: u64,
    talk_ms: i64,
    sums: Sums,
    abused: u64,
    complaints: u64,
}

impl Agents {
    /// Adds a call of which is known whether the customer abused the agent, and whether he complained of it.
    pub(super) fn add(&mut self, weighed: &Weighed<'_>, is_abused: bool, is_complained_of: bool) {
        let call = weighed.call;
        let Some(agent) = &call.row.agent_id else { return };
        let of_agent = named(&mut self.0, agent, AgentSums::default);
        if (weighed.started_local, call.row.call_id.as_str()) >= (of_agent.last.0, of_agent.last.1.as_str()) {
            of_agent.last = (weighed.started_local, call.row.call_id.clone());
            of_agent.team.clone_from(&call.row.team);
        }
        of_agent.calls += 1;
        of_agent.answered += u64::from(call.is_answered());
        of_agent.talk_ms += call.talk_ms().unwrap_or_default();
        of_agent.sums.merge(weighed.sums);
        of_agent.abused += u64::from(is_abused);
        of_agent.complaints += u64::from(is_complained_of);
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (agent, more) in other.0 {
            named(&mut self.0, &agent, AgentSums::default).merge(more);
        }
    }

    /// Ranked ones first, the worst first. Complaints lack outcomes where there are none.
    pub(super) fn figures(self, has_outcomes: bool) -> Known<Vec<AgentFigures>> {
        let mut agents: Vec<AgentFigures> =
            self.0.into_iter().map(|(agent, sums)| sums.figures(agent, has_outcomes)).collect();
        agents.sort_by_key(|agent| rank(&agent.group));
        if agents.is_empty() { Err(Lack::Agents) } else { Ok(agents) }
    }
}

impl AgentSums {
    fn merge(&mut self, other: Self) {
        if other.last >= self.last {
            (self.last, self.team) = (other.last, other.team);
        }
        self.calls += other.calls;
        self.answered += other.answered;
        self.talk_ms += other.talk_ms;
        self.sums.merge(other.sums);
        self.abused += other.abused;
        self.complaints += other.complaints;
    }

    fn figures(self, agent_id: String, has_outcomes: bool) -> AgentFigures {
        let group = self.sums.group(agent_id.clone());
        AgentFigures {
            agent_id,
            team: self.team,
            calls: self.calls,
            answered: self.answered,
            talk_s: self.talk_ms as f64 / 1000.0,
            is_ranked: is_ranked(&group),
            group,
            abused: self.abused,
            complaints: if has_outcomes { Ok(self.complaints) } else { Err(Lack::Outcomes) },
        }
    }
}
