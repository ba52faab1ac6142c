"""Reads a dataset as docs/tables.md says; the dataset is the one of tests/tables.rs."""

import datetime
import pathlib
import sys

import pyarrow as pa
import pyarrow.parquet as pq

from opened import pyarrow_table

results = pathlib.Path(sys.argv[1])


def table(name):
    return pyarrow_table(results, name)


ROWS = {"calls": 4, "turns": 6, "stretches": 3, "entities": 3, "findings": 6, "score_items": 3, "not_evaluated": 3}
for name, rows in ROWS.items():
    assert table(name).num_rows == rows, (name, table(name).num_rows)
    assert len(list((results / name).glob("*/*.parquet"))) == 3, name

calls = table("calls")
assert calls.schema.field("date").type == pa.date32()
TYPES = {
    "call_id": pa.string(),
    "file_bytes": pa.int64(),
    "started_at": pa.timestamp("us", tz="UTC"),
    "utc_offset_min": pa.int32(),
    "agent_talk_share": pa.float32(),
    "score": pa.float64(),
    "eligible": pa.bool_(),
    "sanity_flags": pa.list_(pa.field("element", pa.string(), nullable=False)),
}
for column, expected in TYPES.items():
    assert calls.schema.field(column).type == expected, (column, calls.schema.field(column).type)
silences = calls.schema.field("silences").type
assert pa.types.is_list(silences) and pa.types.is_struct(silences.value_type), silences

by_id = {row["call_id"]: row for row in calls.to_pylist()}
assert {id: row["date"] for id, row in by_id.items()} == {
    "a": datetime.date(2026, 11, 20),
    "broken": datetime.date(2026, 11, 20),
    "b": datetime.date(2026, 11, 21),
    "undated": None,
}
assert by_id["a"]["started_at"] == datetime.datetime(2026, 11, 20, 2, tzinfo=datetime.timezone.utc)
assert by_id["a"]["silences"] == [{"start_ms": 4000, "end_ms": 9000, "of": "agent"}]
assert by_id["a"]["extra"] == '{"region":"华东"}'
assert by_id["a"]["decode_warnings"] == ["odd_length"]
assert (by_id["a"]["findings_major"], by_id["a"]["findings_fatal"]) == (1, 0), "a trial rule's finding does not count"
assert by_id["broken"]["error_code"] == "not_audio"
assert by_id["a"]["rules_evaluated"] == ["zh-service.closing", "zh-service.greeting"]
for column in ("rules_evaluated", "verdict", "score", "findings_major", "tool_version", "decode_warnings", "duration_ms"):
    assert by_id["broken"][column] is None, column

found = table("findings").join(calls.select(["call_id", "agent_id", "team"]), "call_id")
assert set(found.column("agent_id").to_pylist()) == {"A7"} and found.num_rows == 6


rules = pq.read_table(next((results / "rules").glob("*.parquet")))
assert rules.column("in_force_from").to_pylist() == ["2026-01-01"]
assert rules.column("sources").to_pylist() == [[{"cite": "practice", "confidence": "ours"}]]

DICTIONARIES = {
    "calls": ["agent_id", "team", "rules_evaluated.list.element"],
    "turns": ["role"],
    "findings": ["rule", "severity", "role"],
    "not_evaluated": ["rule", "severity"],
}
for path in sorted(results.glob("*/date=2026-11-20/*.parquet")):
    meta = pq.read_metadata(path)
    assert meta.created_by.startswith("callsift"), meta.created_by
    assert set(meta.metadata) == {b"ARROW:schema", b"schema_version"}, meta.metadata.keys()
    assert meta.metadata[b"schema_version"] == b"1"
    assert meta.num_row_groups <= 1
    assert b"date" not in [name.encode() for name in meta.schema.names]
    for at in range(meta.num_columns if meta.num_row_groups else 0):
        column = meta.row_group(0).column(at)
        assert column.compression == "ZSTD", column
        assert column.has_column_index and column.has_offset_index, column.path_in_schema
        if column.path_in_schema in DICTIONARIES.get(path.parts[-3], []):
            assert any("DICTIONARY" in encoding for encoding in column.encodings), column

comment = pq.read_schema(next(results.glob("turns/*/*.parquet"))).field("start_ms").metadata[b"comment"]
assert comment == b"Where it starts in the recording. [ms]", comment
print("all read")
