"""Runs every SQL and Python block of the given Markdown files, in a folder that holds `results`, and wants rows of each."""

import contextlib
import io
import pathlib
import re
import sys

import duckdb
import pandas


def blocks(path):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    for found in re.finditer(r"^```(sql|python)\n(.*?)^```$", text, re.M | re.S):
        line = text.count("\n", 0, found.start()) + 1
        yield f"{pathlib.Path(path).name}:{line}", found[1], found[2]


def rows_of_sql(code):
    return len(duckdb.connect().execute(code).df())


def rows_of_python(code):
    """The rows of the last table that the block makes; what it prints must show rows too."""
    names, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "block", "exec"), names)
    assert "Empty DataFrame" not in printed.getvalue(), printed.getvalue()
    assert "print(" not in code or printed.getvalue().strip(), "nothing is printed"
    return [len(value) for value in names.values() if isinstance(value, pandas.DataFrame)][-1]


for path in sys.argv[1:]:
    for place, language, code in blocks(path):
        if "spark." in code:
            print(f"{place} left out: it needs Spark")
            continue
        rows = (rows_of_sql if language == "sql" else rows_of_python)(code)
        assert rows > 0, f"{place} gives no rows"
        print(f"{place} {language} ran: {rows} rows")
