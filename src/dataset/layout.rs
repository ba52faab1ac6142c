//! Where things are in a dataset.

use super::error::DatasetError;
use crate::tables::TableName;
use jiff::civil::Date;

/// Redo records; the folder that makes a folder a dataset.
pub(super) const COMMITS: &str = "_commits";
/// Files being written, in a folder a run.
pub(super) const TMP: &str = "_tmp";
/// Caches: what is in it may be deleted while no run is under way, and costs the next run some time.
pub(super) const STATE: &str = "_state";
/// What a writer locks while it commits. Not among the caches, which may be deleted.
pub(super) const LOCK: &str = "_commits/lock";
/// Which calls were inspected when their files looked how.
pub(super) const SEEN: &str = "_state/calls";
/// Which calls were being inspected when a run died.
pub(super) const SUSPECTS: &str = "_state/suspects.json";
/// What must not come back.
pub(super) const FORGOTTEN: &str = "_forgotten.json";
/// What must not be forgotten.
pub(super) const HOLDS: &str = "_holds.json";
/// What ran.
pub(super) const RUNS: &str = "runs";

/// How readers of Hive partitions write a date that is not known.
const NO_DATE: &str = "__HIVE_DEFAULT_PARTITION__";

/// A file of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DataFile {
    pub(super) table: TableName,
    pub(super) date: Option<Date>,
    pub(super) batch: String,
}

impl DataFile {
    pub(super) fn folder(&self) -> String {
        format!("{}/{}", self.table.name(), partition(self.date))
    }

    pub(super) fn path(&self) -> String {
        format!("{}/{}.parquet", self.folder(), self.batch)
    }

    /// Its path while it is being written; not ending in `.parquet`, since readers look into hidden folders too.
    pub(super) fn draft(&self, run: &str) -> String {
        format!("{TMP}/{run}/{}.{}", self.batch, self.table.name())
    }

    /// The file of that path; `None` for any path that [`DataFile::path`] does not give.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        let mut parts = path.split('/');
        let table = parts.next().and_then(TableName::from_name)?;
        let date = date_of_partition(parts.next()?)?;
        let batch = parts.next()?.strip_suffix(".parquet").filter(|batch| is_batch_name(batch))?.to_owned();
        let file = Self { table, date, batch };
        (file.path() == path).then_some(file)
    }
}

/// The date of a partition folder; `None` where it is no partition.
pub(super) fn date_of_partition(folder: &str) -> Option<Option<Date>> {
    match folder.strip_prefix("date=")? {
        NO_DATE => Some(None),
        date => date.parse().ok().map(Some),
    }
}

/// The partition folder of `date`.
pub(super) fn partition(date: Option<Date>) -> String {
    date.map_or_else(|| format!("date={NO_DATE}"), |date| format!("date={date}"))
}

/// A record of a commit that is decided and perhaps not carried out.
pub(super) fn record(number: u64) -> String {
    format!("{COMMITS}/{number:012}.json")
}

/// The same record once it is carried out.
pub(super) fn done(number: u64) -> String {
    format!("{COMMITS}/{number:012}.done")
}

/// The number of a record, and whether it is carried out; `None` for other files.
pub(super) fn record_number(name: &str) -> Option<(u64, bool)> {
    let (number, ending) = name.split_once('.')?;
    let plain = number.len() == 12 && number.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse().ok().filter(|_| plain)?;
    match ending {
        "json" => Some((number, false)),
        "done" => Some((number, true)),
        _ => None,
    }
}

/// The folder of a run's drafts.
pub(super) fn drafts(run: &str) -> String {
    format!("{TMP}/{run}")
}

/// What a run locks while it lives.
pub(super) fn alive(run: &str) -> String {
    format!("{TMP}/{run}/alive")
}

/// Which calls a run has begun and ended.
pub(super) fn in_flight(run: &str) -> String {
    format!("{TMP}/{run}/in_flight")
}

pub(super) fn rules(ruleset_hash: &str) -> String {
    format!("{}/{ruleset_hash}.parquet", TableName::Rules.name())
}

pub(super) fn run(run: &str) -> String {
    format!("{RUNS}/{run}.json")
}

pub(super) fn is_batch_name(name: &str) -> bool {
    name.len() == 16 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// # Errors
/// [`DatasetError::BadName`] where `name` could not be part of a file's name everywhere.
pub(super) fn check_name(what: &'static str, name: &str) -> Result<(), DatasetError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if (1..=100).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(());
    }
    Err(DatasetError::BadName { what, value: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn paths_there_and_back() {
        let batch = "0123456789abcdef".to_owned();
        let cases = [
            (TableName::Calls, Some(date(2026, 11, 20)), "calls/date=2026-11-20/0123456789abcdef.parquet"),
            (TableName::ScoreItems, None, "score_items/date=__HIVE_DEFAULT_PARTITION__/0123456789abcdef.parquet"),
        ];
        for (table, date, path) in cases {
            let file = DataFile { table, date, batch: batch.clone() };
            assert_eq!(file.path(), path);
            assert_eq!(DataFile::of_path(path), Some(file));
        }
    }

    #[test]
    fn other_paths_are_none_of_ours() {
        let cases = [
            "",
            "calls",
            "calls/date=2026-11-20/0123456789abcde.parquet",
            "calls/date=2026-11-20/0123456789ABCDEF.parquet",
            "calls/date=2026-11-20/0123456789abcdef.parquet/x",
            "calls/date=20261120/0123456789abcdef.parquet",
            "calls/../date=2026-11-20/0123456789abcdef.parquet",
            "/calls/date=2026-11-20/0123456789abcdef.parquet",
            "other/date=2026-11-20/0123456789abcdef.parquet",
        ];
        for path in cases {
            assert_eq!(DataFile::of_path(path), None, "{path}");
        }
    }

    #[test]
    fn names_are_plain() {
        for (name, good) in [("20261120-a_b", true), ("", false), ("..", false), ("a/b", false), ("a b", false)] {
            assert_eq!(check_name("run", name).is_ok(), good, "{name:?}");
        }
    }
}
