//! Names of columns that may be misspelt.

use super::identity::shown_text;
use crate::written::nearest::did_you_mean;

/// The columns of a manifest that callsift reads, whatever the rules ask for.
pub const OWN: [&str; 21] = [
    "call_id",
    "recording",
    "transcript",
    "started_at",
    "agent_id",
    "team",
    "customer_id",
    "callee_role",
    "customer_zone",
    "queue",
    "product",
    "stage",
    "direction",
    "ended_by",
    "agent_channel",
    "language",
    "answered",
    "talk_s",
    "stop_requested",
    "legs",
    "number",
];

/// That `missing` is none of `columns`, and what may have been meant for it.
pub(super) fn is_missing(missing: &str, columns: &[String]) -> String {
    let hint = did_you_mean(missing, columns.iter().map(String::as_str));
    let hint = if hint.is_empty() { hint } else { format!("; {}", shown_text(&hint)) };
    format!("the column {missing} is missing{hint}")
}

/// What may be meant by columns of a manifest that callsift does not read, a sentence each. They are allowed: rules may ask for any column.
pub(super) fn doubts(columns: &[String]) -> Vec<String> {
    let has = |name: &str| columns.iter().any(|column| column == name);
    let lacking: Vec<&str> = OWN.into_iter().filter(|own| !has(own)).collect();
    let doubt = |column: &String| {
        let hint = did_you_mean(column, lacking.iter().copied());
        (!hint.is_empty())
            .then(|| format!("column {:?}: {hint} It is kept as a column of your own", shown_text(column)))
    };
    columns.iter().filter(|column| !OWN.contains(&column.as_str())).filter_map(doubt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_is_told_where_it_is_not_there() {
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let cases: [(&[&str], &[&str]); 5] = [
            (&["call_id", "recording", "agent_id", "branch", "due_amount", "agency"], &[]),
            (&["call_id", "agentid"], &["agent_id"]),
            (&["call_id", "stared_at", "Team"], &["started_at", "team"]),
            (&["call_id", "agent_id", "agent_ids"], &[]),
            (&["call_id", "lang"], &["language"]),
        ];
        for (names, meant) in cases {
            let told = doubts(&columns(names));
            assert_eq!(told.len(), meant.len(), "{names:?}: {told:?}");
            for (told, meant) in told.iter().zip(meant) {
                assert!(told.contains(&format!("did you mean `{meant}`?")), "{told}");
            }
        }
        assert_eq!(
            is_missing("call_id", &columns(&["callid"])),
            "the column call_id is missing; did you mean `callid`?"
        );
        assert_eq!(is_missing("call_id", &columns(&["x"])), "the column call_id is missing");
    }
}
