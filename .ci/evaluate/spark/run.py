#!/usr/bin/env python3
"""examples/spark on one machine that is two hosts: does Spark write what callsift alone writes, whatever is killed meanwhile?

    run.py --callsift PROGRAM [--debug-callsift PROGRAM] [--keep DIR] [SCENARIO...]

Needs Java 17 and the Python modules pyspark (4) and pyarrow. `CALLSIFT_SPARK_CALLS` says how many calls (400). A recording that kills
the process which inspects it can be made for a debug build alone; `--debug-callsift` names one where `--callsift` is none.

Each scenario must be seen to happen, leave exactly the rows of a plain run, and no worker behind. Then come the controls: what is
broken on purpose must turn the same checks red.
"""
import argparse, collections, os, pathlib, shutil, signal, subprocess, sys, tempfile, time

import pyarrow as pa
import pyarrow.dataset as ds

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import calls, cluster

HERE = pathlib.Path(__file__).resolve().parent
SCRIPT = HERE.parents[2] / "examples" / "spark" / "inspect_calls.py"
TABLES = "calls turns stretches entities findings score_items not_evaluated verdict_changes".split()
PER_DATE = ds.partitioning(pa.schema([("date", pa.date32())]), flavor="hive")
# A worker has given its schema and a batch.
SOME_BYTES = 60_000


class Red(Exception):
    """What should hold does not."""


def require(holds, what):
    if not holds:
        raise Red(what)


class Stage:
    """The calls, what a plain run says of them, and the cluster."""

    def __init__(self, args, folder):
        self.folder, self.program, self.debug = folder, args.callsift, args.debug_callsift
        self.calls = folder / "calls"
        number = int(os.environ.get("CALLSIFT_SPARK_CALLS", "400"))
        self.lines = calls.make(self.calls, number)
        # Of the small set every call of a customer is in it, so earlier calls are the same.
        self.few = self.lines[: max(number // 8, 24) // calls.CALLS_OF_CUSTOMER * calls.CALLS_OF_CUSTOMER]
        calls.write_manifest(self.calls / "few.csv", self.few)
        began = time.monotonic()
        plain(self.program, "inspect", self.calls, "--out", folder / "plain")
        print(f"  plain run of {number} calls: {time.monotonic() - began:.1f} s", flush=True)
        self.plain = rows_in(folder / "plain")
        self.cluster = cluster.Cluster(folder, sys.executable)

    def run(self, name, manifest="few.csv", out=None, script=SCRIPT, program=None, flags=(), recheck=None, submits=False, **more):
        out = self.folder / (out or name)
        source = ["--recheck", recheck] if recheck else ["--manifest", self.calls / manifest]
        # A worker that judges again does not look at recordings: it is told of them so that it is found.
        of_worker = ["--", "--recordings", self.calls, *flags]
        arguments = [*source, "--out", out, "--callsift", program or self.program, "--partitions", "6", *of_worker]
        if submits:
            ran = self.cluster.submit(name, script, arguments)
        else:
            ran = self.cluster.run(script, arguments, **more)
        ran.out = out
        return ran

    def expected(self, lines):
        """What the plain run says of these calls."""
        ids = {line["call_id"] for line in lines}
        of = lambda rows: collections.Counter({row: n for row, n in rows.items() if row[0][1] in ids})
        return {table: (types, of(rows)) for table, (types, rows) in self.plain.items()}

    def stands_in(self, mode):
        """A program that does `mode` once, and the file that it leaves."""
        program, marker = self.folder / f"worker-{mode}", self.folder / f"{mode}-{time.monotonic_ns()}"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {HERE}/stand_in.py {mode} {self.program} {marker} "$@"\n')
        program.chmod(0o755)
        return program, marker

    def broken(self, name, old, new):
        """The script with one thing in it changed."""
        text = SCRIPT.read_text()
        assert text.count(old) == 1, f"{old!r} is in {SCRIPT} {text.count(old)} times"
        path = self.folder / f"{name}.py"
        path.write_text(text.replace(old, new))
        return path


def plain(program, *arguments):
    done = subprocess.run([program, *map(str, arguments), "--progress", "never"], capture_output=True, text=True)
    # 1: some recordings are missing on purpose.
    require(done.returncode in (0, 1), f"callsift {arguments[0]} ended with {done.returncode}: {done.stderr}")


def rows_in(folder):
    """Of each table the columns with their types, and how often each row is there."""
    tables = {}
    for table in TABLES:
        require((folder / table).is_dir(), f"{folder.name} has no table {table}")
        rows = ds.dataset(folder / table, format="parquet", partitioning=PER_DATE).to_table()
        types = {field.name: plain_type(field.type) for field in rows.schema}
        # repr tells -0.0 from 0.0 and makes NaN equal to itself.
        tables[table] = (types, collections.Counter(map(comparable, rows.to_pylist())))
    return tables


def comparable(row):
    """A row as one value, its call first."""
    rest = ((name, repr(row[name])) for name in sorted(row) if name != "call_id")
    return (("call_id", row["call_id"]), *rest)


def plain_type(kind):
    """A type without what readers do not tell apart: names of elements, and whether they may be null."""
    if pa.types.is_list(kind):
        return f"list<{plain_type(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return f"struct<{', '.join(f'{field.name}: {plain_type(field.type)}' for field in kind)}>"
    return str(kind)


def same(expected, folder, except_for=()):
    """Requires that the tables in `folder` are those expected."""
    found = rows_in(folder)
    for table in TABLES:
        (types, rows), (own_types, own) = expected[table], found[table]
        require(types == own_types, f"{table}: columns {set(own_types.items()) ^ set(types.items())}")
        drop = lambda all_rows: collections.Counter({row: n for row, n in all_rows.items() if row[0][1] not in except_for})
        missing, more = drop(rows) - drop(own), drop(own) - drop(rows)
        columns = {name for a, b in zip(sorted(missing), sorted(more)) for (name, x), (_, y) in zip(a, b) if x != y}
        require(not missing and not more, f"{table}: {missing.total()} rows missing, {more.total()} too many; differ in {sorted(columns)}")
    return sum(rows.total() for _, rows in found.values())


def went_well(stage, ran, lines, **more):
    """Requires that a run gave what a plain run gives, and that nothing of it is left."""
    # 1: some recordings are missing on purpose.
    require(ran.code in (0, 1), f"exit code {ran.code}: {last_words(ran.log)}")
    rows = same(stage.expected(lines), ran.out, **more)
    require(not (ran.out / "_staging").exists(), "staging is still there")
    left = cluster.orphans(stage.calls)
    require(not left, f"workers are left: {left}")
    return f"{rows} rows"


def last_words(log):
    lines = log.splitlines()
    at = next((n for n, line in enumerate(lines) if line.startswith("error:")), max(len(lines) - 3, 0))
    return " ".join(lines[at : at + 6])[:400]


# Scenarios.

def clean(stage):
    """nothing happens"""
    ran = stage.run("clean", "manifest.csv", submits=True)
    return went_well(stage, ran, stage.lines)


def killed_worker(stage):
    """a worker is killed in the middle"""

    def kill(over):
        pid = cluster.at_work(stage.calls, over, SOME_BYTES)
        if pid:
            os.kill(pid, signal.SIGKILL)
        return pid

    ran = stage.run("killed-worker", "manifest.csv", while_it_runs=kill)
    told = went_well(stage, ran, stage.lines)
    require(ran.seen and ran.failed_with("callsift worker was killed by signal 9"), "no task failed of a killed worker")
    return told


def killed_executor(stage):
    """an executor is killed in the middle"""

    def kill(over):
        pid = cluster.at_work(stage.calls, over, SOME_BYTES)
        executor = pid and cluster.executor_of(pid)
        if executor:
            os.kill(executor, signal.SIGKILL)
        return executor

    ran = stage.run("killed-executor", "manifest.csv", while_it_runs=kill)
    told = went_well(stage, ran, stage.lines)
    require(ran.seen and ran.lost_executors(), "Spark lost no executor")
    require(ran.failed_with("ExecutorLostFailure"), "no task was lost with the executor")
    return told


def straggler(stage, mode="slow"):
    """a task that hangs is done by another host"""
    program, marker = stage.stands_in(mode)
    ran = stage.run(mode, program=program)
    require(marker.exists(), "no worker hung")
    require(ran.speculated(), "no task was speculated")
    require(ran.failed_with("TaskKilled"), "the task that hung was not ended")
    return went_well(stage, ran, stage.few)


def cut(stage, script=SCRIPT):
    """a worker's output ends between two messages"""
    program, marker = stage.stands_in("cut")
    # Batches of one row, so that one is missing.
    ran = stage.run(f"cut-{script.stem}", program=program, script=script, flags=["--rows", "1"])
    require(marker.exists(), "no output was cut")
    told = went_well(stage, ran, stage.few)
    require(ran.failed_with("gave back"), "no task failed of a cut output")
    return told


def poison(stage):
    """a recording kills whoever inspects it"""
    debug = stage.debug or stage.program
    poisoned = stage.few[10]["call_id"]
    at_it = stage.lines[8:16]
    calls.write_manifest(stage.calls / "poison.csv", at_it)
    program = stage.folder / "worker-poison"
    program.write_text(f'#!/bin/sh\nCALLSIFT_CRASH_AT={poisoned} exec {debug} "$@"\n')
    program.chmod(0o755)
    ran = stage.run("poison", "poison.csv", program=program)
    told = went_well(stage, ran, at_it, except_for=[poisoned])
    (row,) = ds.dataset(ran.out / "calls", format="parquet").to_table(filter=ds.field("call_id") == poisoned).to_pylist()
    require(row["status"] == "failed", f"{debug} did not crash at {poisoned}: is it a debug build?")
    return f"{told}; {row['error_code']}: {row['error']}"


def again(stage):
    """the same manifest once more, into the same folder"""
    for _ in range(2):
        ran = stage.run("again")
    return went_well(stage, ran, stage.few)


def late_call(stage, script=SCRIPT):
    """calls that come late, on days that are there"""
    days = lambda lines: {line["started_at"][:10] for line in lines}
    # The calls of one customer come late, not on all days.
    groups = [stage.few[n : n + calls.CALLS_OF_CUSTOMER] for n in range(0, len(stage.few), calls.CALLS_OF_CUSTOMER)]
    late = next(group for group in groups if days(group) < days(stage.few))
    early = [line for line in stage.few if line not in late]
    require(days(late) < days(early), "the late calls have days of their own")
    for part, lines in (("early", early), ("late", late)):
        calls.write_manifest(stage.calls / f"{part}.csv", lines)
        name = f"{part}-{script.stem}"
        ran = stage.run(name, f"{part}.csv", out=f"late-{script.stem}", script=script)
    return went_well(stage, ran, stage.few)


def broken_off(stage):
    """a run breaks off while it replaces days; the next one finishes it"""
    rest, late = stage.few[calls.CALLS_OF_CUSTOMER :], stage.few[: calls.CALLS_OF_CUSTOMER]
    script = stage.broken("broken-off", '    replace_days("calls")\n', '    raise RuntimeError("broken off")\n')
    for part, lines in (("rest", rest), ("first", late), ("once-more", rest[:4])):
        calls.write_manifest(stage.calls / f"{part}.csv", lines)
        broken = part == "first"
        ran = stage.run(part, f"{part}.csv", out="broken-off", script=script if broken else SCRIPT)
        require(ran.code == 74 if broken else ran.code in (0, 1), f"{part}: exit code {ran.code}: {last_words(ran.log)}")
    return went_well(stage, ran, stage.few)


def recheck(stage):
    """a dataset is judged again by one more rule, as callsift recheck does it"""
    rules = ["--rules", HERE.parent / "new-rule"]
    plain(stage.program, "recheck", stage.folder / "plain", "--out", stage.folder / "plain-again", *rules)
    expected = rows_in(stage.folder / "plain-again")
    ran = stage.run("recheck", recheck=stage.folder / "plain", flags=rules)
    require(ran.code in (0, 1), f"exit code {ran.code}: {last_words(ran.log)}")
    changes = expected["verdict_changes"][1].total()
    require(changes, "the new rule changed nothing: it shows nothing")
    return f"{same(expected, ran.out)} rows, {changes} changes of verdicts"


def wrong_flag(stage):
    """a flag is wrong"""
    ran = stage.run("wrong-flag", flags=["--scorecard", "no-such-scorecard"])
    require(ran.code == 2, f"exit code {ran.code}")
    return last_words(ran.log)


def wrong_row(stage):
    """a row is wrong"""
    line = stage.few[0] | {"direction": "sideways"}
    calls.write_manifest(stage.calls / "wrong.csv", [line])
    ran = stage.run("wrong-row", "wrong.csv")
    require(ran.code == 2, f"exit code {ran.code}: {last_words(ran.log)}")
    return last_words(ran.log)


SCENARIOS = [clean, killed_worker, killed_executor, straggler, cut, poison, again, late_call, broken_off, recheck, wrong_flag, wrong_row]


# Controls: each breaks one thing, and must be seen by the check named.

def no_death_signal(stage):
    """a worker that outlives its task"""
    straggler(stage, mode="orphan")


def unbuffered(stage):
    """pipes without buffers"""
    script = stage.broken("unbuffered", "bufsize=-1", "bufsize=0")
    went_well(stage, stage.run("unbuffered", script=script), stage.few)


def static_overwrite(stage):
    """all days are overwritten"""
    late_call(stage, stage.broken("static", 'partitionOverwriteMode": "dynamic"', 'partitionOverwriteMode": "static"'))


def unchecked(stage):
    """rows are not counted"""
    cut(stage, stage.broken("unchecked", "if rows_in != rows_out:", "if False:"))


# What each must be found out by.
CONTROLS = {no_death_signal: "workers are left", unbuffered: "exit code 74", static_overwrite: "rows missing", unchecked: "rows missing"}


def passes(name, run, expected=None):
    began = time.monotonic()
    try:
        said, is_red = run(), False
    except Red as red:
        said, is_red = str(red), True
    is_right = not is_red if expected is None else is_red and expected in said
    word = "ok" if is_right else "FAILED"
    print(f"{word:7}{time.monotonic() - began:6.1f} s  {name}: {said}", flush=True)
    return is_right


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callsift", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--debug-callsift", type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--keep", type=pathlib.Path, help="folder for all that is made, which is new")
    parser.add_argument("scenario", nargs="*", help="some of them: " + ", ".join(it.__name__ for it in [*SCENARIOS, *CONTROLS]))
    args = parser.parse_args()
    folder = args.keep or pathlib.Path(tempfile.mkdtemp(prefix="callsift-spark-"))
    folder = folder.resolve()
    folder.mkdir(exist_ok=True)
    # So that the cluster is stopped then as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(75))
    wanted = lambda it: not args.scenario or it.__name__ in args.scenario
    began = time.monotonic()
    stage = Stage(args, folder)
    try:
        right = [passes(it.__doc__, lambda: it(stage)) for it in SCENARIOS if wanted(it)]
        right += [passes(f"control, must be red: {it.__doc__}", lambda: it(stage), red) for it, red in CONTROLS.items() if wanted(it)]
    finally:
        stage.cluster.stop()
        cluster.orphans(stage.calls, 0)
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{sum(right)} of {len(right)} as they should be, {time.monotonic() - began:.0f} s")
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
