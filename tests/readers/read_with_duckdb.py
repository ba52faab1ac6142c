"""Reads a dataset as docs/tables.md says; the dataset is the one of tests/tables.rs."""

import datetime
import sys

from opened import duckdb_rows

rows = duckdb_rows(sys.argv[1])
ROWS = {"calls": 4, "turns": 6, "stretches": 3, "entities": 3, "findings": 6, "score_items": 3, "not_evaluated": 3}
for name, expected in ROWS.items():
    assert rows(f"SELECT count(*) FROM {name}") == [(expected,)], name
    assert rows(f"SELECT DISTINCT typeof(date) FROM {name}") == [("DATE",)], name
assert rows("SELECT count(*) FROM verdict_changes") == [(0,)]

assert rows("SELECT call_id, date FROM calls ORDER BY call_id") == [
    ("a", datetime.date(2026, 11, 20)),
    ("b", datetime.date(2026, 11, 21)),
    ("broken", datetime.date(2026, 11, 20)),
    ("undated", None),
]
assert rows("SELECT epoch_us(started_at) FROM calls WHERE call_id = 'a'") == [(1795140000000000,)]
types = dict(row[:2] for row in rows("DESCRIBE calls"))
TYPES = {
    "call_id": "VARCHAR",
    "file_bytes": "BIGINT",
    "started_at": "TIMESTAMP WITH TIME ZONE",
    "utc_offset_min": "INTEGER",
    "agent_talk_share": "FLOAT",
    "score": "DOUBLE",
    "eligible": "BOOLEAN",
    "sanity_flags": "VARCHAR[]",
    "rules_evaluated": "VARCHAR[]",
    "silences": "STRUCT(start_ms BIGINT, end_ms BIGINT, \"of\" VARCHAR)[]",
}
for column, expected in TYPES.items():
    assert types[column].replace('"', "") == expected.replace('"', ""), (column, types[column])

joined = """
    SELECT c.date, c.agent_id, c.team, f.rule, f.quote, t.text, e.value
    FROM findings AS f JOIN calls AS c USING (call_id)
    JOIN turns AS t ON t.call_id = f.call_id AND t.turn = f.turn
    JOIN entities AS e ON e.call_id = f.call_id
    WHERE f.severity = 'major' AND c.date IS NOT DISTINCT FROM f.date ORDER BY c.date
"""
quoted = ("A7", "早班", "zh-service.greeting", "您好", "您好", "█" * 11)
assert rows(joined) == [
    (datetime.date(2026, 11, 20), *quoted),
    (datetime.date(2026, 11, 21), *quoted),
    (None, *quoted),
], rows(joined)
assert rows("SELECT status, verdict, score, error_code FROM calls WHERE call_id = 'broken'") == [
    ("failed", None, None, "not_audio")
]
assert rows("SELECT i.by, i.yielded FROM (SELECT unnest(interruptions) AS i FROM calls)") == [("agent", True)] * 3
evaluable = "SELECT rule, count(*) FROM (SELECT unnest(rules_evaluated) AS rule FROM calls) GROUP BY ALL ORDER BY ALL"
assert rows(evaluable) == [("zh-service.closing", 3), ("zh-service.greeting", 3)]
assert rows("SELECT rules_evaluated FROM calls WHERE call_id = 'broken'") == [(None,)]
assert rows("SELECT finding_ids FROM score_items WHERE call_id = 'a'") == [(["a-finding"],)]
judged_by = "SELECT DISTINCT r.title FROM rules AS r JOIN findings AS f ON f.rule = r.rule AND f.revision = r.revision"
assert rows(judged_by) == [("问候",)]
print("all read")
