"""Runs the blocks of docs/bi.md in one database, as a reader pastes them, in a folder that holds `results`.

Usage: run_bi.py PAGE [HEADING]

The block of a file that is not there is left out; with a heading, so are the questions under others. What settings.sql
says, where there is one, holds in the place of the page's settings. Prints one JSON object a line: the heading, the block's number under
it, its columns and its rows.
"""

import json
import pathlib
import re
import sys

import duckdb

page = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
asked = sys.argv[2:]
settings = pathlib.Path("settings.sql")
SET_UP = ("Load it into DuckDB", "reviews.csv", "outcomes.csv", "attempts.csv")
db = duckdb.connect()


def blocks():
    heading, number = "", 0
    for found in re.finditer(r"^#+ ([^\n]+)$|^```(sql|python)\n(.*?)^```$", page, re.M | re.S):
        if found[1]:
            heading, number = found[1], 0
        else:
            number += 1
            yield heading, number, found[2], found[3]


def in_sql(code):
    needed = re.findall(r"read_csv\('([^']+)'", code)
    if not all(pathlib.Path(file).exists() for file in needed):
        return f"left out: there is no {needed[0]}"
    answer = db.execute(code)
    if "CREATE " in code:
        return "made"
    return {"columns": [column[0] for column in answer.description], "rows": answer.fetchall()}


def in_python(code):
    if "spark." in code:
        return "left out: it needs Spark"
    names = {}
    exec(compile(code, "block", "exec"), names)
    # An empty cell is a NaN here, which JSON has not.
    shown = lambda cell: None if cell is None or cell != cell else str(cell)
    return {"columns": list(names["rates"].columns), "rows": [[shown(cell) for cell in row] for row in names["rates"].values.tolist()]}


for heading, number, language, code in blocks():
    if asked and heading not in (*SET_UP, *asked):
        continue
    if heading == SET_UP[0]:
        pathlib.Path("views.sql").write_text(code, encoding="utf-8")
    said = (in_sql if language == "sql" else in_python)(code)
    if heading == SET_UP[0] and settings.exists():
        db.execute(settings.read_text(encoding="utf-8"))
    print(json.dumps({"heading": heading, "block": number, "said": said}, ensure_ascii=False, default=str))
