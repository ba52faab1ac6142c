"""Reads every table of a run over fixtures/calls, with pyarrow and with DuckDB, and holds it against the repository.

Usage: read_real_results.py RESULTS REPOSITORY
"""

import collections
import csv
import datetime
import json
import pathlib
import re
import sys

import pyarrow as pa
import pyarrow.parquet as pq

from opened import TABLES, duckdb_rows, pyarrow_table

results, repository = map(pathlib.Path, sys.argv[1:])
calls_folder = repository / "fixtures/calls"
manifest = list(csv.DictReader(open(calls_folder / "manifest.csv", encoding="utf-8")))
PER_CALL = [name for name in TABLES if name != "calls"]
written = {path.name for path in results.iterdir() if path.name[0] != "_"}
assert written == {*TABLES, "rules", "runs"}, written

tables = {name: pyarrow_table(results, name) for name in TABLES}
(rules_file,) = (results / "rules").glob("*.parquet")
tables["rules"] = pq.read_table(rules_file)
rows = duckdb_rows(results)


def documented():
    """The columns of each table as docs/tables.md gives them: name to (type, whether it may be null)."""
    found, name = {}, None
    for line in (repository / "docs/tables.md").read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## (\w+)$", line):
            name = heading[1]
        elif column := re.match(r"\| `([\w.\[\]]+)` \| ([^|]+) \|", line):
            written = column[2].strip()
            found.setdefault(name, {})[column[1]] = (written.removesuffix(", may be null"), written.endswith("may be null"))
    return found


ARROW = {
    "text": pa.string(),
    "boolean": pa.bool_(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "timestamp (µs, UTC)": pa.timestamp("us", tz="UTC"),
}
DUCKDB = {
    "text": "VARCHAR",
    "boolean": "BOOLEAN",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float32": "FLOAT",
    "float64": "DOUBLE",
    "timestamp (µs, UTC)": "TIMESTAMP WITH TIME ZONE",
}


def check_type(place, written, fields, arrow, duck):
    if written == "list of struct":
        assert pa.types.is_list(arrow) and pa.types.is_struct(arrow.value_type), (place, arrow)
        assert duck.startswith("STRUCT(") and duck.endswith(")[]"), (place, duck)
        got = {field.name: (field.type, field.nullable) for field in arrow.value_type}
        expected = {name: (ARROW[kind], nullable) for name, (kind, nullable) in fields.items()}
        assert got == expected, (place, got, expected)
    elif written.startswith("list of "):
        kind = written.removeprefix("list of ")
        assert pa.types.is_list(arrow) and arrow.value_type == ARROW[kind], (place, arrow)
        assert duck == DUCKDB[kind] + "[]", (place, duck)
    else:
        assert (arrow, duck) == (ARROW[written], DUCKDB[written]), (place, arrow, duck)


def types_are_as_documented():
    docs = documented()
    assert set(docs) == set(tables), (set(docs), set(tables))
    for name, table in tables.items():
        columns = {column: kind for column, kind in docs[name].items() if "[]" not in column}
        date = [] if name == "rules" else ["date"]
        duck = dict(row[:2] for row in rows(f"DESCRIBE {name}"))
        assert table.schema.names == [*columns, *date], (name, table.schema.names)
        assert list(duck) == [*columns, *date], (name, duck)
        for column, (written, may_be_null) in columns.items():
            prefix = column + "[]."
            fields = {inner.removeprefix(prefix): kind for inner, kind in docs[name].items() if inner.startswith(prefix)}
            field = table.schema.field(column)
            check_type(f"{name}.{column}", written, fields, field.type, duck[column])
            assert may_be_null or table.column(column).null_count == 0, f"{name}.{column} has nulls"
        if date:
            assert (table.schema.field("date").type, duck["date"]) == (pa.date32(), "DATE"), name


def counts_agree():
    for name, table in tables.items():
        assert rows(f"SELECT count(*) FROM {name}") == [(table.num_rows,)], name
    per_date = collections.Counter(datetime.date.fromisoformat(call["started_at"][:10]) for call in manifest)
    assert len(per_date) == 2 and rows("SELECT date, count(*) FROM calls GROUP BY ALL ORDER BY ALL") == sorted(per_date.items())
    assert rows("SELECT call_id FROM calls ORDER BY ALL") == sorted((call["call_id"],) for call in manifest)
    said = [json.load(open(calls_folder / call["transcript"], encoding="utf-8")) for call in manifest if call["transcript"]]
    assert rows("SELECT count(*) FROM turns") == [(sum(len(transcript["segments"]) for transcript in said),)]
    assert rows("SELECT count(DISTINCT call_id) FROM stretches") == [(sum(call["recording"] != "" for call in manifest),)]
    written = [path for path in (repository / "rules").glob("*/*.toml") if path.name not in ("pack.toml", "scorecard.toml")]
    judged = {(text,) for text in (path.read_text(encoding="utf-8") for path in written)}
    assert len(judged) > 40 and set(rows("SELECT text FROM rules")) == judged
    assert rows("SELECT DISTINCT ruleset_hash FROM calls") == [(rules_file.stem,)]
    (run,) = (json.load(open(path, encoding="utf-8")) for path in (results / "runs").glob("*.json"))
    assert (run["status"], run["counts"]["calls"], run["counts"]["failed"]) == ("done", len(manifest), 0), run
    assert dict(rows("SELECT severity, count(*) FROM findings GROUP BY ALL")) == run["counts"]["findings"]


def rows_belong_together():
    for name in PER_CALL:
        orphans = f"FROM {name} t ANTI JOIN calls c ON t.call_id = c.call_id AND t.date IS NOT DISTINCT FROM c.date"
        assert rows(orphans) == [], name
    evaluated = "(SELECT call_id, unnest(rules_evaluated) AS rule FROM calls)"
    for name in ("findings", "not_evaluated", evaluated):
        assert rows(f"FROM {name} ANTI JOIN rules USING (rule)") == [], name
    assert rows(f"FROM findings ANTI JOIN {evaluated} USING (call_id, rule)") == [], "what reports has an answer"
    assert rows(f"FROM not_evaluated SEMI JOIN {evaluated} USING (call_id, rule)") == [], "an answer, and none"
    assert rows("SELECT call_id FROM calls WHERE rules_evaluated <> list_sort(list_distinct(rules_evaluated))") == []
    assert rows("SELECT min(len(rules_evaluated)) > 5 FROM calls WHERE eligible AND has_transcript AND language = 'zh'") == [(True,)]
    assert rows("FROM findings f ANTI JOIN turns t ON t.call_id = f.call_id AND t.turn = f.turn WHERE f.turn IS NOT NULL") == []
    costs = "SELECT call_id, unnest(finding_ids) AS finding_id FROM score_items"
    assert rows(f"FROM ({costs}) ANTI JOIN findings USING (call_id, finding_id)") == []
    assert rows("SELECT finding_id FROM findings GROUP BY ALL HAVING count(*) > 1") == []
    quoted = """SELECT f.quote, t.text[f.char_start + 1 : f.char_end] FROM findings f JOIN turns t USING (call_id, turn)
                WHERE f.char_start IS NOT NULL AND f.turn = f.turn_end"""
    assert len(rows(quoted)) > 10 and all(quote == text for quote, text in rows(quoted)), rows(quoted)
    for severity in ("note", "minor", "major", "critical", "fatal"):
        counted = f"""SELECT c.call_id, c.findings_{severity}, count(f.call_id) AS found FROM calls c
                      LEFT JOIN findings f ON f.call_id = c.call_id AND f.severity = '{severity}' AND f.rule_status = 'active'
                      GROUP BY ALL HAVING c.findings_{severity} <> found"""
        assert rows(counted) == [], severity


types_are_as_documented()
counts_agree()
rows_belong_together()
print("all read:", ", ".join(f"{name} {table.num_rows}" for name, table in tables.items()))
