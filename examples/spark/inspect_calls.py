#!/usr/bin/env python3
"""Inspect the calls of a manifest under Spark, or judge the calls of a dataset again.

    spark-submit inspect_calls.py --manifest PATH --out DIR [--callsift PROGRAM] [-- FLAGS OF callsift worker]
    spark-submit inspect_calls.py --recheck DATASET --out DIR [--callsift PROGRAM] [-- FLAGS OF callsift worker]

The results are the tables of a dataset, in OUT/<table>/date=<day>/. README.md beside this file says how to run it on a cluster.
(The file is not called inspect.py: Python would take it for its own module of that name.)

Exit codes: 0 every call was inspected; 1 some could not be, their rows in `calls` say why; 2 a flag, a rule or the manifest is
wrong, and another try changes nothing; 74 something failed that another try may mend.
"""
import argparse, collections, concurrent.futures, json, os, shutil, subprocess, sys, tempfile, threading, uuid

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession, Window, functions as F
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import DateType, StringType, StructType, TimestampNTZType, TimestampType

OK, SOME_FAILED, SET_UP, IO = 0, 1, 2, 74

# What another try does not mend is told by these words, since of an error on an executor only its text comes back.
NO_RETRY = "another try changes nothing"

# An earlier call is one of the 30 days before, and the latest 100 count.
EARLIER_DAYS, EARLIER_CALLS = 30, 100
EARLIER_COLUMNS = ["call_id", "started_at", "direction", "answered", "talk_s", "callee_role", "number", "stop_requested"]

# What a call is judged by, and what was said of it before.
JUDGED_BY = ["turns", "stretches", "entities", "findings"]
# The order of a call's rows.
ORDER = {"turns": ["turn"], "entities": ["entity"], "stretches": ["channel", "start_ms"], "findings": ["finding_id"]}

# More tasks cost more starts of Python than they spare on a lost executor.
TASKS_PER_SLOT, ROWS_PER_TASK = 32, 64
NO_DATE = "__HIVE_DEFAULT_PARTITION__"

SETTINGS = {
    # Manifests have neither columns that differ in case alone, nor times that are to be shown.
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    # Rows that go to the worker at once: it writes none of them before it has inspected 16.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "64",
    # Days that are not written to stay as they are.
    "spark.sql.sources.partitionOverwriteMode": "dynamic",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "zstd",
}


class Mistake(Exception):
    """What another try does not mend."""


# On executors: these functions travel to them.

def inspected(command):
    """What `mapInArrow` calls on the batches of a task: one process of `command` for each task."""

    def inspect_batches(batches):
        first = next(batches, None)
        if first is None:
            return
        # The worker dies with the thread that started it, so that is this one, which lives as long as the task.
        worker = subprocess.Popen(
            [found(command[0]), *command[1:], "--parent", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=-1,
        )
        said = collections.deque(maxlen=20)
        listener = threading.Thread(target=pass_on, args=(worker.stderr, said), daemon=True)
        feeder = Feeder(worker.stdin, first, batches)
        rows = 0
        try:
            listener.start()
            feeder.start()
            try:
                for batch in pa.ipc.open_stream(worker.stdout):
                    rows += batch.num_rows
                    yield batch
            except (pa.ArrowInvalid, OSError) as error:
                # Its output breaks off. How it ends tells more; where it still writes, it must see that nobody reads.
                said.append(f"{error}\n")
                worker.stdout.close()
            feeder.join()
            code = worker.wait()
            listener.join(5)
            if feeder.error:
                raise feeder.error
            check(code, feeder.rows, rows, "".join(said))
        finally:
            # Also where the task is cancelled and nobody takes what comes.
            worker.kill()
            worker.wait()

    return inspect_batches


class Feeder(threading.Thread):
    """Writes batches to a worker, on a thread of its own: whoever writes and reads in turn waits for ever once both pipes are full."""

    def __init__(self, pipe, first, rest):
        super().__init__(daemon=True)
        self.pipe, self.first, self.rest, self.rows, self.error = pipe, first, rest, 0, None

    def run(self):
        try:
            # A stream that is closed on an error would have its end mark, and pass for whole.
            stream = pa.ipc.new_stream(self.pipe, self.first.schema)
            self.write(stream, self.first)
            for batch in self.rest:
                self.write(stream, batch)
            stream.close()
        except BrokenPipeError:
            # The worker is gone: its exit code says why.
            pass
        except BaseException as error:
            self.error = error
        try:
            self.pipe.close()
        except BrokenPipeError:
            pass

    def write(self, stream, batch):
        self.rows += batch.num_rows
        stream.write_batch(batch)


def check(code, rows_in, rows_out, said):
    """Raises where a worker has not done what it was to do: a stream that breaks off between messages reads as whole."""
    if code == SET_UP:
        raise RuntimeError(f"callsift worker ended with code 2: {NO_RETRY}.\n{said}")
    if code != 0:
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        raise RuntimeError(f"callsift worker {how} after {rows_out} rows of {rows_in}\n{said}")
    if rows_in != rows_out:
        raise RuntimeError(f"callsift worker was given {rows_in} rows and gave back {rows_out}\n{said}")


def pass_on(source, said):
    """Hands what a worker says to the log of the executor, and keeps the last of it."""
    for line in source:
        line = line.decode(errors="replace")
        if '"callsift_worker"' not in line:
            said.append(line)
        sys.stderr.write(line)


def found(program):
    """Where `program` is: a path, on the PATH, or among the files of `spark-submit --files`."""
    if os.sep in program:
        return program
    from pyspark import SparkFiles

    return shutil.which(program) or SparkFiles.get(program)


# On the driver.

def main(argv):
    args, flags = arguments(argv)
    spark = SparkSession.builder.appName("callsift").getOrCreate()
    try:
        return run(spark, args, flags)
    except Mistake as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return SET_UP
    except Exception as error:
        print(f"error: {reason(str(error))}", file=sys.stderr)
        return SET_UP if NO_RETRY in str(error) else IO
    finally:
        spark.stop()


def reason(error):
    """What a worker said, without the places in Spark that an error has come through."""
    at = error.rfind("RuntimeError: callsift worker")
    lines = error[max(at, 0) :].splitlines()
    places = next((n for n, line in enumerate(lines) if line.startswith("\tat ")), len(lines))
    return "\n".join(line for line in lines[:places] if line) if at >= 0 else error


def arguments(argv):
    """What this program is told, and what the worker is told."""
    flags = []
    if "--" in argv:
        at = argv.index("--")
        argv, flags = argv[:at], argv[at + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--manifest", metavar="PATH", help="manifest: its columns are those of docs/manifest.md")
    source.add_argument("--recheck", metavar="DATASET", help="dataset whose calls are judged again, without recordings")
    parser.add_argument("--out", metavar="DIR", required=True, help="folder of the results, which Spark has written or will")
    parser.add_argument("--format", metavar="NAME", help="what Spark reads the manifest as; by its ending without it, else csv")
    parser.add_argument("--callsift", metavar="PROGRAM", default="callsift", help="the program, as executors and driver find it")
    parser.add_argument("--partitions", metavar="N", type=int, help="number of tasks")
    return parser.parse_args(argv), flags


def run(spark, args, flags):
    for name, value in SETTINGS.items():
        spark.conf.set(name, value)
    # A day that is too large for one file has several.
    if not spark.conf.get("spark.sql.adaptive.advisoryPartitionSizeInBytes", None):
        spark.conf.set("spark.sql.adaptive.advisoryPartitionSizeInBytes", "128MB")
    out = Folder(spark, args.out)
    if out.has("_commits"):
        raise Mistake(f"{args.out} is a dataset of callsift inspect, which keeps a list of its files: write to another folder")
    command = [args.callsift, "worker", *(["--recheck"] if args.recheck else []), *flags]
    given = given_by(command)
    roll_forward(spark, out, given)
    rows = judged_before(spark, args, given) if args.recheck else manifest(spark, args, flags)
    run_id = uuid.uuid4().hex
    results = rows.mapInArrow(inspected(command), given.nested)
    # One job from calls to files: what is lost afterwards is read again, not inspected again.
    results.write.parquet(out.path("_staging", run_id, "nested"))
    calls, failed = publish(spark, out, run_id, given)
    put_rules(out, args.callsift, flags)
    print(f"{calls} calls inspected, {failed} of them failed", file=sys.stderr)
    return SOME_FAILED if failed else OK


def given_by(command):
    """What a worker gives, which a worker that is given nothing says; tells of wrong flags as well."""
    nothing = pa.BufferOutputStream()
    columns = pa.schema([("call_id", pa.string()), ("recording", pa.string())])
    with pa.ipc.new_stream(nothing, columns):
        pass
    command = [found(command[0]), *command[1:]]
    try:
        told = subprocess.run(command, input=nothing.getvalue().to_pybytes(), capture_output=True, check=False)
    except OSError as error:
        raise Mistake(f"{command[0]} does not start on the driver: {error}; say where it is with --callsift") from None
    check(told.returncode, 0, 0, told.stderr.decode(errors="replace"))
    return Given(pa.ipc.open_stream(told.stdout).schema)


class Given:
    """What a worker gives: a row a call, with the rows of each table as a list."""

    def __init__(self, schema):
        self.arrow = schema
        self.nested = from_arrow_schema(schema)
        lists = [field for field in self.nested if field.name not in ("call_id", "date")]
        of = lambda field: StructType([*field.dataType.elementType]).add("date", DateType())
        # The tables, each with its schema in files.
        self.tables = {field.name: of(field) for field in lists}

    def element(self, table):
        """A row of a table as Arrow has it."""
        return self.arrow.field(table).type.value_type


# The manifest.

def manifest(spark, args, flags):
    """The rows of the manifest, each with the earlier calls of its customer, spread over the tasks by hash of call_id."""
    kind = args.format or ("parquet" if args.manifest.endswith(".parquet") else "csv")
    reader = spark.read.format(kind)
    if kind == "csv":
        reader = reader.options(header=True, escape='"', multiLine=True, encoding="UTF-8")
        reader = reader.options(ignoreLeadingWhiteSpace=True, ignoreTrailingWhiteSpace=True)
    rows = reader.load(args.manifest)
    rows = rows.toDF(*(name.strip().lstrip("\ufeff") for name in rows.columns))
    if "call_id" not in rows.columns:
        raise Mistake(f"{args.manifest}: the column call_id is missing")
    rows = with_earlier_calls(rows, option(flags, "--timezone"))
    all_rows = counted(rows, args.manifest)
    return rows.drop(START).repartition(args.partitions or tasks(spark, all_rows), "call_id")


def counted(rows, path):
    """How many rows there are; a mistake where two have one id, or a time cannot be read."""
    unread = F.col("started_at").isNotNull() & F.col(START).isNull() if START in rows.columns else F.lit(False)
    by_id = rows.groupBy("call_id").agg(F.count("*").alias("n"), F.sum(unread.cast("int")).alias("unread"))
    more = F.sum((F.col("n") > 1).cast("int"))
    all_rows, twice, unread = by_id.agg(F.sum("n"), more, F.sum("unread")).first()
    if twice:
        raise Mistake(f"{path}: {twice} ids are there more than once in call_id; {NO_RETRY}")
    if unread:
        raise Mistake(
            f"{path}: started_at of {unread} rows is no time such as 2026-11-20T09:30:00+08:00; "
            f"without an offset, give the worker --timezone; {NO_RETRY}"
        )
    return all_rows or 0


def tasks(spark, rows):
    slots = spark.sparkContext.defaultParallelism
    return max(1, slots, min(slots * TASKS_PER_SLOT, -(-rows // ROWS_PER_TASK)))


# The column with the start, for the window alone: workers get the time as it is written.
START = "callsift_started_us"


def with_earlier_calls(rows, zone):
    """The rows with `prior_calls`, where they name customers and times and have no such column."""
    columns = rows.columns
    if "prior_calls" in columns or not {"customer_id", "started_at"} <= set(columns):
        return rows
    kind = rows.schema["started_at"].dataType
    rows = rows.withColumn(START, F.unix_micros(moment(F.col("started_at"), kind, zone)))
    # Calls without a customer have no earlier ones; in one window they would all be on one executor.
    customer = F.when(F.col("customer_id").isNull(), F.col("call_id"))
    # By rows and not by time, so that no customer's list grows without end; twice as many as count, since calls of the same moment
    # are among them and do not.
    before = Window.partitionBy("customer_id", customer).orderBy(START, "call_id").rowsBetween(-2 * EARLIER_CALLS, -1)
    known = F.struct(START, *(F.col(name) for name in EARLIER_COLUMNS if name in columns))
    since = F.col(START) - EARLIER_DAYS * 86_400 * 1_000_000
    is_earlier = lambda call: (call[START] >= since) & (call[START] < F.col(START))
    earlier = F.filter(F.collect_list(known).over(before), is_earlier)
    earlier = F.transform(earlier, lambda call: call.dropFields(START))
    has_any = F.col("customer_id").isNotNull() & F.col(START).isNotNull()
    return rows.withColumn("prior_calls", F.when(has_any, earlier))


def moment(column, kind, zone):
    """The instant of a time; one without offset is in `zone`."""
    if isinstance(kind, TimestampType):
        return column
    text = isinstance(kind, StringType)
    local = F.to_utc_timestamp((column.try_cast("timestamp") if text else column.cast("timestamp")), zone or "UTC")
    if isinstance(kind, TimestampNTZType) or not text:
        return local
    has_offset = column.rlike(r"([zZ]|[+-]\d\d:?\d\d)$")
    # Some write offsets without a colon, which Spark does not read.
    whole = F.regexp_replace(column, r"([+-]\d\d)(\d\d)$", "$1:$2").try_cast("timestamp")
    return F.when(has_offset, whole).otherwise(local if zone else F.lit(None).cast("timestamp"))


def option(flags, name):
    """The value of an option among the worker's flags."""
    for at, flag in enumerate(flags):
        if flag.startswith(name + "="):
            return flag[len(name) + 1 :]
        if flag == name:
            return flags[at + 1] if at + 1 < len(flags) else None
    return None


# A dataset that is judged again.

def judged_before(spark, args, given):
    """The calls of a dataset as a worker gave them, each with the rows of its tables."""
    tables, source = given.tables, Folder(spark, args.recheck)
    if not source.has("calls"):
        raise Mistake(f"{args.recheck} has no folder calls: it is no dataset")
    if args.partitions:
        spark.conf.set("spark.sql.shuffle.partitions", args.partitions)
    rows = read(spark, source.path("calls"), tables["calls"])
    of_call = F.struct(*(field.name for field in tables["calls"] if field.name != "date"))
    calls = rows.select("call_id", "date", F.array(of_call).alias("calls"))
    for table in JUDGED_BY:
        if source.has(table):
            columns = [field.name for field in tables[table] if field.name != "date"]
            columns = [*ORDER[table], *(name for name in columns if name not in ORDER[table])]
            # Rows of a shuffle are in no order.
            together = F.array_sort(F.collect_list(F.struct(*columns))).alias(table)
            of_calls = read(spark, source.path(table), tables[table]).groupBy("call_id").agg(together)
            calls = calls.join(of_calls, "call_id", "left")
    return calls


# What is written.

def publish(spark, out, run_id, given):
    """Brings staged results into the tables and removes them from staging; returns how many calls there are, and failed."""
    stage = lambda *parts: out.path("_staging", run_id, *parts)
    nested = spark.read.schema(given.nested).parquet(stage("nested"))
    tables = given.tables
    failed = F.sum((F.col("calls")[0]["status"] == "failed").cast("int"))
    by_date = nested.groupBy("date").agg(F.count("*"), failed, *(F.sum(F.size(table)) for table in tables)).collect()
    new_ids, dates = nested.select("call_id"), {row[0] for row in by_date}
    if out.has("calls"):
        # A call that was on another day before leaves that.
        old = read(spark, out.path("calls"), tables["calls"]).select("call_id", "date")
        dates |= {date for (date,) in old.join(new_ids, "call_id", "left_semi").select("date").distinct().collect()}
    folders = {folder(date) for date in dates}
    counts = {table: {folder(row[0]): row[3 + place] for row in by_date} for place, table in enumerate(tables)}

    def stage_table(table):
        some = {day for day, rows in counts[table].items() if rows}
        if any(out.has(table, day) for day in folders):
            kept = read(spark, out.path(table), tables[table]).where(on(dates)).join(new_ids, "call_id", "left_anti")
            write(rows_of(nested, table).unionByName(kept), table, stage("tables", table))
            some = set(out.names("_staging", run_id, "tables", table))
        return {"has_rows": bool(some), "empty": sorted(folders - some)}

    # From here on a run that breaks off is finished by the next one: what is replaced is in staging as a whole.
    out.put(json.dumps(each(tables, stage_table)), "_staging", run_id, "ready")
    finish(spark, out, run_id, given)
    return sum(row[1] for row in by_date), sum(row[2] for row in by_date)


def finish(spark, out, run_id, given):
    """Replaces the days that a run has touched by what it has staged. Doing it again changes nothing."""
    nested = spark.read.schema(given.nested).parquet(out.path("_staging", run_id, "nested"))
    ready = json.loads(out.get("_staging", run_id, "ready"))

    def replace_days(table):
        if out.has("_staging", run_id, "tables", table):
            rows = read(spark, out.path("_staging", run_id, "tables", table), given.tables[table])
        else:
            rows = rows_of(nested, table)
        if ready[table]["has_rows"]:
            write(rows, table, out.path(table))
        # Overwriting leaves a day alone of which no row is left. Readers want a file of every table.
        for day in ready[table]["empty"]:
            out.remove(table, day)
            put_empty(out, given.element(table), table, day)

    # `calls` come last, so that a call that is there has its rows.
    each([table for table in ready if table != "calls"], replace_days)
    replace_days("calls")
    out.remove("_staging", run_id)
    out.remove_empty("_staging")


def put_empty(out, element, *folder):
    """Writes a file of a table that has no row."""
    with tempfile.TemporaryDirectory() as local:
        path = os.path.join(local, "empty.parquet")
        pq.write_table(pa.schema(list(element)).empty_table(), path, compression="zstd")
        out.take(path, *folder, "empty.parquet")


def roll_forward(spark, out, given):
    """Finishes a run that broke off while it replaced days; forgets those that did not come so far."""
    for run_id in out.names("_staging"):
        if out.has("_staging", run_id, "ready"):
            print("a run before this one broke off while it wrote: finishing that first", file=sys.stderr)
            finish(spark, out, run_id, given)
        else:
            out.remove("_staging", run_id)


def each(tables, work):
    """What `work` makes of each table, all at once: most of the time of such small jobs is waiting."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return dict(zip(tables, pool.map(work, tables)))


def rows_of(nested, table):
    """The rows of one table."""
    return nested.select("date", F.explode(table).alias("row")).select("row.*", "date")


def read(spark, path, schema):
    return spark.read.schema(schema).option("basePath", path).parquet(path)


def on(dates):
    return F.col("date").isin([date for date in dates if date]) | (F.col("date").isNull() & F.lit(None in dates))


def write(rows, table, path):
    """Writes rows to the days they belong to, whose rows they replace."""
    order = [name for name in ("call_id", *ORDER.get(table, [])) if name in rows.columns]
    rows = rows.hint("rebalance", F.col("date")).sortWithinPartitions("date", *order)
    rows.write.mode("overwrite").partitionBy("date").parquet(path)


def folder(date):
    return f"date={date or NO_DATE}"


def put_rules(out, program, flags):
    """Writes the table of the rules that judged."""
    with tempfile.TemporaryDirectory() as local:
        command = [found(program), "describe", *flags_of_rules(flags), "--rules-table", local]
        told = subprocess.run(command, capture_output=True, check=False)
        check(told.returncode, 0, 0, told.stderr.decode(errors="replace"))
        for name in os.listdir(local):
            out.take(os.path.join(local, name), "rules", name)


def flags_of_rules(flags):
    """Those of the worker's flags that say which rules judge."""
    chosen = []
    for at, flag in enumerate(flags):
        if flag in ("--rules", "--scorecard"):
            chosen += flags[at : at + 2]
        elif flag == "--no-shipped-rules" or flag.startswith(("--rules=", "--scorecard=")):
            chosen.append(flag)
    return chosen


class Folder:
    """A folder wherever Spark can write: on disk, in HDFS or in an object store."""

    def __init__(self, spark, path):
        self.jvm = spark._jvm
        self.conf = spark._jsc.hadoopConfiguration()
        root = self.jvm.org.apache.hadoop.fs.Path(path)
        self.files = root.getFileSystem(self.conf)
        self.root = self.files.makeQualified(root).toString().rstrip("/")

    def path(self, *parts):
        return "/".join((self.root, *parts))

    def at(self, *parts):
        return self.jvm.org.apache.hadoop.fs.Path(self.path(*parts))

    def has(self, *parts):
        return self.files.exists(self.at(*parts))

    def names(self, *parts):
        return [file.getPath().getName() for file in self.files.listStatus(self.at(*parts))] if self.has(*parts) else []

    def remove(self, *parts):
        self.files.delete(self.at(*parts), True)

    def remove_empty(self, *parts):
        if self.has(*parts) and not self.names(*parts):
            self.remove(*parts)

    def put(self, text, *parts):
        """Writes a file that is there as a whole or not at all."""
        half = (*parts[:-1], f"_{parts[-1]}")
        stream = self.files.create(self.at(*half), True)
        stream.write(bytearray(text.encode()))
        stream.close()
        self.files.rename(self.at(*half), self.at(*parts))

    def get(self, *parts):
        stream = self.files.open(self.at(*parts))
        try:
            return bytes(stream.readAllBytes()).decode()
        finally:
            stream.close()

    def take(self, local, *parts):
        """Copies a file of this machine, in place of one of its name."""
        local = self.jvm.org.apache.hadoop.fs.Path(f"file://{os.path.abspath(local)}")
        self.files.mkdirs(self.at(*parts[:-1]))
        self.files.copyFromLocalFile(False, True, local, self.at(*parts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
