//! A stamp of all that is known of a call without reading its files.

use super::folders::Folders;
use super::identity::short;
use crate::recording::{Leg, Metadata, PriorCall};
use crate::storage::Found;
use std::path::Path;

/// A file as far as it is known without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Key of its path.
    key: u64,
    /// Size and time of the last change; none where there is no such file.
    state: Option<(u64, i128)>,
}

impl Mark {
    /// Looks at the file at `path`, in one of `folders`.
    pub(super) fn of(path: &Path, folders: &Folders) -> (Self, Presence) {
        Self::with_key(path, folders.key(path), folders)
    }

    /// As [`Mark::of`], of a file whose key is known.
    pub(super) fn with_key(path: &Path, key: u64, folders: &Folders) -> (Self, Presence) {
        match folders.look(path, key) {
            Ok(Found::File(state)) => (Self { key, state: Some((state.bytes, state.changed_ns)) }, Presence::File),
            // A folder changes with what is put into it.
            Ok(_) => (Self { key, state: None }, Presence::NoFile),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => (Self { key, state: None }, Presence::Gone),
            Err(_) => (Self { key, state: None }, Presence::NoFile),
        }
    }

    /// Its size; 0 where there is no file.
    pub(super) fn bytes(&self) -> u64 {
        self.state.map_or(0, |(bytes, _)| bytes)
    }
}

/// Whether there is a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    File,
    /// Something else is there, or it cannot be looked at.
    NoFile,
    Gone,
}

/// What a stamp is made of.
pub(super) struct Known<'a> {
    /// The id as given, unmasked.
    pub call_id: &'a str,
    pub metadata: &'a Metadata,
    pub agent_channel: u16,
    pub prior_calls: &'a [PriorCall],
    pub legs: &'a [Leg],
    pub recording: Option<Mark>,
    pub transcript: Option<Mark>,
}

impl Known<'_> {
    /// Returns 64 bits of BLAKE3 over everything, each part with its length, so that no two are written alike.
    pub(super) fn stamp(&self) -> u64 {
        let mut bytes = Vec::with_capacity(512);
        text(&mut bytes, Some(self.call_id));
        metadata(&mut bytes, self.metadata);
        bytes.extend(self.agent_channel.to_le_bytes());
        bytes.extend((self.prior_calls.len() as u64).to_le_bytes());
        for prior in self.prior_calls {
            bytes.extend(prior.started_at_us.to_le_bytes());
            text(&mut bytes, prior.direction.as_deref());
            bytes.push(prior.answered.map_or(2, u8::from));
            bytes.extend(prior.talk_s.unwrap_or(f32::NAN).to_bits().to_le_bytes());
            text(&mut bytes, prior.callee_role.as_deref());
            bytes.push(prior.same_number.map_or(2, u8::from));
            bytes.push(prior.stop_requested.map_or(2, u8::from));
        }
        bytes.extend((self.legs.len() as u64).to_le_bytes());
        for Leg { start_ms, end_ms, party, agent_id, side } in self.legs {
            bytes.extend(start_ms.to_le_bytes());
            bytes.extend(end_ms.unwrap_or(i64::MIN).to_le_bytes());
            text(&mut bytes, Some(party.name()));
            text(&mut bytes, agent_id.as_deref());
            text(&mut bytes, Some(side.name()));
        }
        file(&mut bytes, self.recording);
        file(&mut bytes, self.transcript);
        short(blake3::hash(&bytes))
    }
}

fn metadata(bytes: &mut Vec<u8>, metadata: &Metadata) {
    let Metadata {
        started_at,
        agent_id,
        team,
        customer_id,
        callee_role,
        customer_zone,
        queue,
        product,
        stage,
        direction,
        ended_by,
        language,
        extra,
    } = metadata;
    bytes.push(u8::from(started_at.is_some()));
    if let Some(start) = started_at {
        bytes.extend(start.timestamp_us.to_le_bytes());
        bytes.extend(start.utc_offset_min.to_le_bytes());
    }
    let columns =
        [agent_id, team, customer_id, callee_role, customer_zone, queue, product, stage, direction, ended_by, language];
    columns.into_iter().for_each(|column| text(bytes, column.as_deref()));
    bytes.extend((extra.len() as u64).to_le_bytes());
    for (name, value) in extra {
        text(bytes, Some(name));
        text(bytes, Some(value));
    }
}

fn text(bytes: &mut Vec<u8>, text: Option<&str>) {
    bytes.extend(text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
    bytes.extend(text.unwrap_or_default().as_bytes());
}

fn file(bytes: &mut Vec<u8>, mark: Option<Mark>) {
    bytes.push(u8::from(mark.is_some()));
    if let Some(Mark { key, state }) = mark {
        bytes.extend(key.to_le_bytes());
        let (size, changed_ns) = state.unwrap_or((u64::MAX, 0));
        bytes.extend(size.to_le_bytes());
        bytes.extend(changed_ns.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Party;
    use crate::units::Role;

    fn stamp(change: impl FnOnce(&mut Metadata, &mut Known<'_>)) -> u64 {
        stamp_after(PriorCall::default(), 0, change)
    }

    /// The stamp of a call after `count` calls like `prior`.
    fn stamp_after(prior: PriorCall, count: usize, change: impl FnOnce(&mut Metadata, &mut Known<'_>)) -> u64 {
        let prior_calls = vec![prior; count];
        let mut columns = Metadata { agent_id: Some("a".into()), ..Metadata::default() };
        let empty = Metadata::default();
        let mark = Mark { key: 5, state: Some((7, 9)) };
        let mut known = Known {
            call_id: "c",
            metadata: &empty,
            agent_channel: 0,
            prior_calls: &prior_calls,
            legs: &[],
            recording: Some(mark),
            transcript: None,
        };
        change(&mut columns, &mut known);
        Known { metadata: &columns, ..known }.stamp()
    }

    #[test]
    fn every_part_counts() {
        let leg = |start_ms, end_ms, party: Party, agent_id: Option<&str>| {
            let leg = Leg { start_ms, end_ms, party, agent_id: agent_id.map(str::to_owned), side: party.usual_side() };
            let on_the_other = Leg { side: Role::Customer, ..leg.clone() };
            [leg, on_the_other].map(|leg| stamp(|_, known| known.legs = std::slice::from_ref(Box::leak(Box::new(leg)))))
        };
        let after = |prior: PriorCall| stamp_after(prior, 1, |_, _| {});
        let plain = PriorCall::default;
        let mark = |key, state| Some(Mark { key, state });
        let mut stamps = vec![
            stamp(|_, _| {}),
            stamp(|_, known| known.call_id = "d"),
            stamp(|columns, _| columns.team = columns.agent_id.take()),
            stamp(|columns, _| columns.set_column("further", "x".into())),
            stamp(|_, known| known.agent_channel = 1),
            after(plain()),
            after(PriorCall { started_at_us: 1, ..plain() }),
            after(PriorCall { answered: Some(false), ..plain() }),
            after(PriorCall { callee_role: Some("debtor".into()), ..plain() }),
            after(PriorCall { same_number: Some(false), ..plain() }),
            after(PriorCall { stop_requested: Some(false), ..plain() }),
            stamp(|_, known| known.recording = mark(6, Some((7, 9)))),
            stamp(|_, known| known.recording = mark(5, Some((8, 9)))),
            stamp(|_, known| known.recording = mark(5, Some((7, 8)))),
            stamp(|_, known| known.recording = mark(5, None)),
            stamp(|_, known| known.recording = None),
            stamp(|_, known| known.transcript = known.recording),
        ];
        stamps.extend(leg(0, None, Party::Ivr, None));
        stamps.extend(leg(1, None, Party::Ivr, None));
        stamps.extend(leg(0, Some(9), Party::Ivr, None));
        stamps.extend(leg(0, None, Party::Robot, None));
        stamps.extend(leg(0, None, Party::Ivr, Some("a")));
        assert_eq!(stamps[0], stamp(|_, _| {}));
        stamps.sort_unstable();
        stamps.dedup();
        assert_eq!(stamps.len(), 27);
    }
}
