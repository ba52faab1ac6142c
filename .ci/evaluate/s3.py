#!/usr/bin/env python3
"""Recordings, manifests, caches and datasets in a bucket: does callsift write there what it writes to a folder, whoever else writes, whatever is killed?

    s3.py --callsift PROGRAM [--debug-callsift PROGRAM] [--small]

Needs the Python modules moto[server], boto3 and pyarrow; installs them where it can. `--small` leaves out what takes minutes. A debug build can
be made to wait in the middle of a commit, where it is killed then; `--debug-callsift` names one where `--callsift` is none. npm, where it
is, fetches s3rver, a store that ignores conditions, which must be refused.
"""
import argparse, collections, json, os, pathlib, re, shutil, signal, socket, subprocess, sys, tempfile, time

try:
    import boto3, moto, pyarrow, pyarrow.parquet as pq
    import moto.server
except ImportError:
    installed = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "moto[server]", "boto3", "pyarrow"])
    if installed.returncode:
        print("SKIPPED: moto, a store to test against, is not to be had")
        sys.exit(0)
    os.execv(sys.executable, [sys.executable, *sys.argv])

ROOT = pathlib.Path(__file__).resolve().parents[2]
CALLS = ROOT / "fixtures" / "calls"
# A dead writer's lock is anybody's after 45 s; a store and its user may be busy for as long again.
PATIENCE_S = 120


class Store:
    """A store on this machine, as long as it is needed."""

    def __init__(self, command, port):
        self.url = f"http://127.0.0.1:{port}"
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        for _ in range(300):
            if self.process.poll() is not None:
                self.log.seek(0)
                raise SystemExit(f"{command[0]} ended: {self.log.read().decode(errors='replace')[-2000:]}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        self.client = boto3.client("s3", endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="S3RVER", aws_secret_access_key="S3RVER")

    def environment(self):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        keys = dict(AWS_ACCESS_KEY_ID="S3RVER", AWS_SECRET_ACCESS_KEY="S3RVER", AWS_REGION="us-east-1", AWS_ENDPOINT_URL=self.url)
        return environment | keys

    def names(self, prefix):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket="calls", Prefix=prefix)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def read(self, name):
        return self.client.get_object(Bucket="calls", Key=name)["Body"].read()

    def upload(self, folder, prefix):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.client.upload_file(str(path), "calls", f"{prefix}/{path.relative_to(folder)}")

    def end(self):
        self.process.kill()
        self.process.wait()


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def require(holds, what):
    if not holds:
        raise SystemExit(f"FAILED: {what}")


def run(program, *arguments, environment, code=(0, 1), seconds=PATIENCE_S):
    command = [str(program), *map(str, arguments)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds)
    if code is not None and ran.returncode not in code:
        raise SystemExit(f"FAILED: {' '.join(command)} ended with {ran.returncode}:\n{ran.stdout[-1500:]}\n{ran.stderr[-3000:]}")
    return ran


def tables_in_folder(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


def tables_in(store, prefix):
    return {name[len(prefix) + 1:]: store.read(name) for name in store.names(prefix + "/") if name.endswith(".parquet")}


def rows_of(tables, table):
    """How often each row is in `table`, whichever file it is in."""
    rows = collections.Counter()
    for name, content in tables.items():
        if name.startswith(table + "/"):
            for row in pq.read_table(pyarrow.BufferReader(content)).to_pylist():
                rows[json.dumps(row, default=str, sort_keys=True)] += 1
    return rows


def same_rows(tables, expected):
    return all(rows_of(tables, table) == rows_of(expected, table) for table in "calls turns stretches entities findings score_items not_evaluated".split())


def there_and_back(program, store, work):
    """From bucket to bucket, by a walk and by a manifest: the same bytes as in a folder; nothing again; judged again, the same too."""
    environment = store.environment()
    store.upload(CALLS, "in")
    run(program, "inspect", CALLS, "--out", work / "out", "--progress", "never", environment=environment)
    began = time.monotonic()
    ran = run(program, "inspect", "s3://calls/in", "--out", "s3://calls/out", "--progress", "never", environment=environment)
    seconds = time.monotonic() - began
    here, there = tables_in_folder(work / "out"), tables_in(store, "out")
    require(here == there, f"the bucket's {len(there)} tables are not the {len(here)} of a folder")
    again = run(program, "inspect", "s3://calls/in/", "--out", "s3://calls/out", "--progress", "never", environment=environment)
    require("Inspected 0 calls" in again.stdout, f"calls were inspected twice: {again.stdout}")
    require(tables_in(store, "out") == there, "the second run changed tables")
    left = [name for name in store.names("out/") if "/_tmp/" in name or "probe" in name]
    require(not left, f"left behind: {left}")
    listed = CALLS / "manifest.csv"
    run(program, "inspect", "--manifest", "s3://calls/in/manifest.csv", "s3://calls/in", "--out", work / "listed", environment=environment)
    require(tables_in_folder(work / "listed") == here, "recordings of a bucket in a folder are others")
    print(f"  inspect: {ran.stdout.splitlines()[0]} {len(there)} tables equal a folder's; {seconds:.1f} s")
    status = run(program, "status", "s3://calls/out", environment=environment)
    require(re.search(r"\b27 calls\b", status.stdout), f"status says {status.stdout}")
    rules = ["--rules", ROOT / ".ci" / "evaluate" / "new-rule"]
    run(program, "recheck", work / "out", "--out", work / "again", *rules, environment=environment)
    run(program, "recheck", "s3://calls/out", "--out", "s3://calls/again", *rules, environment=environment)
    require(tables_in_folder(work / "again") == tables_in(store, "again"), "judged again in a bucket, tables are others")
    run(program, "compact", "s3://calls/again", environment=environment)
    require(same_rows(tables_in(store, "again"), tables_in_folder(work / "again")), "compacting changed rows")
    report = run(program, "report", "s3://calls/out", "--out", work / "report.html", environment=environment)
    require((work / "report.html").stat().st_size > 50_000, report.stdout)
    print("  recheck, compact, status, report: as of a folder")
    return here


def cached(program, store, work):
    """What an engine said is kept in the bucket, and is not asked for again."""
    environment = store.environment()
    asked, engine = work / "asked", work / "engine"
    engine.write_text(
        f"#!/bin/sh\necho >>{asked}\n"
        """printf '%s' '{"segments":[{"start":0.5,"end":1.5,"text":"您好，很高兴为您服务"}]}' >"$2"\n"""
    )
    engine.chmod(0o755)
    command = f"{engine} {{wav}} {{out}}"
    for out in ("first", "second"):
        arguments = ["s3://calls/in/recordings", "--out", f"s3://calls/{out}", "--command", command, "--transcript-cache", "s3://calls/cache"]
        run(program, "inspect", *arguments, "--progress", "never", environment=environment)
    times = len(asked.read_text().splitlines())
    entries = [name for name in store.names("cache/") if name.endswith(".transcript")]
    require(0 < len(entries) <= times, f"{len(entries)} entries of {times} answers")
    run(program, "inspect", *arguments[:1], "--out", "s3://calls/third", *arguments[3:], "--progress", "never", environment=environment)
    require(len(asked.read_text().splitlines()) == times, "the engine was asked again")
    print(f"  transcript cache: {times} answers kept in {len(entries)} entries, none asked for again")


def races(program, store, work, expected):
    """Eight at once: each with its share, and each with everything."""
    environment = store.environment()
    for name, share in (("shares", lambda number: ["--shard", f"{number}/8"]), ("everything", lambda number: [])):
        began = time.monotonic()
        started = [
            subprocess.Popen(
                [str(program), "inspect", "s3://calls/in", "--out", f"s3://calls/{name}", "--progress", "never", "--threads", "1", *share(number)],
                env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for number in range(8)
        ]
        for process in started:
            out, error = process.communicate(timeout=300)
            # 1 says that some recordings failed: the fixtures have such.
            require(process.returncode in (0, 1), f"a writer ended with {process.returncode}: {out}\n{error}")
        require(same_rows(tables_in(store, name), expected), f"{name}: eight writers left other rows than one")
        print(f"  8 writers at once, {name}: every row once; {time.monotonic() - began:.1f} s")


def killed(program, store, expected, debug):
    """Killed before a commit, between its record and its files, and anywhere: each followed by the same command."""
    environment = store.environment()
    landed = collections.Counter()

    def records(prefix):
        names = store.names(f"{prefix}/_commits/")
        return [name for name in names if name.endswith(".json")], [name for name in names if name.endswith(".done")]

    def begin(out, **more):
        command = [str(debug), "inspect", "s3://calls/in", "--out", f"s3://calls/{out}", "--progress", "never"]
        return subprocess.Popen(command, env=environment | more, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    for number in range(4):
        out = f"killed-{number}"
        process = begin(out, CALLSIFT_PAUSE="rename=400")
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and process.poll() is None:
            decided, done = records(out)
            if len(decided) > 0 and len(done) >= number // 2:
                break
            time.sleep(0.02)
        time.sleep(0.5 * (number % 2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        decided, done = records(out)
        tables = [name for name in store.names(f"{out}/calls/")]
        landed["in a commit" if decided else "between commits"] += 1
        began = time.monotonic()
        run(program, "inspect", "s3://calls/in", "--out", f"s3://calls/{out}", "--progress", "never", environment=environment, code=None)
        waited = time.monotonic() - began
        require(same_rows(tables_in(store, out), expected), f"killed with {len(decided)} commits open, {len(done)} done: other rows")
        print(f"  killed with {len(decided)} commit open, {len(done)} done, {len(tables)} files of calls: done again in {waited:.1f} s, every row once")
    require(landed["in a commit"] >= 2, f"too few kills landed in a commit: {landed}")
    # What dead runs left goes once they are known to be dead.
    time.sleep(46)
    run(program, "inspect", "s3://calls/in", "--out", "s3://calls/killed-0", "--progress", "never", environment=environment, code=None)
    left = [name for name in store.names("killed-0/_tmp/")]
    require(not left, f"left behind: {left}")


def credentials(program, store, work):
    """From a profile instead of the environment; and messages where something is missing."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= dict(AWS_SHARED_CREDENTIALS_FILE=str(work / "credentials"), AWS_CONFIG_FILE=str(work / "config"), AWS_PROFILE="bank")
    (work / "credentials").write_text("[bank]\naws_access_key_id = S3RVER\naws_secret_access_key = S3RVER\n")
    (work / "config").write_text(f"[profile bank]\nregion = us-east-1\nendpoint_url = {store.url}\n")
    run(program, "status", "s3://calls/out", environment=environment)
    lacking = environment | dict(AWS_PROFILE="nobody", AWS_EC2_METADATA_DISABLED="true", AWS_ENDPOINT_URL=store.url)
    told = run(program, "status", "s3://calls/out", environment=lacking, code=None)
    require(told.returncode not in (0, 1) and "AWS_ACCESS_KEY_ID" in told.stderr, f"without credentials: {told.stderr}")
    told = run(program, "inspect", "s3://calls/in", "--out", "s3://no-such-bucket/out", environment=environment, code=None)
    require(told.returncode not in (0, 1) and "no such bucket" in told.stderr, f"without a bucket: {told.stderr}")
    told = run(program, "inspect", "s3://calls/nothing", "--out", "s3://calls/none", environment=environment, code=None)
    require(told.returncode not in (0, 1) and "no such file or folder" in told.stderr, f"without recordings: {told.stderr}")
    print("  credentials from a profile; what is missing is named")


def refused(program, work):
    """A store that ignores conditions."""
    modules = work / "node"
    if not shutil.which("npm") or subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(modules), "s3rver@3.7.1"], capture_output=True
    ).returncode:
        print("  SKIPPED: s3rver, a store that ignores conditions, is not to be had")
        return
    port, folder = free_port(), work / "s3rver"
    folder.mkdir()
    command = [str(modules / "node_modules" / ".bin" / "s3rver"), "-d", str(folder), "-p", str(port), "-a", "127.0.0.1", "--configure-bucket", "calls"]
    store = Store(command, port)
    try:
        store.upload(CALLS, "in")
        told = run(program, "inspect", "s3://calls/in", "--out", "s3://calls/out", environment=store.environment(), code=None)
        require(told.returncode not in (0, 1) and "does not keep If-None-Match" in told.stderr, f"s3rver was not refused: {told.returncode} {told.stderr}")
        require(not store.names("out/calls/"), "something was written to s3rver")
        # To read from it is fine.
        run(program, "inspect", "s3://calls/in", "--out", work / "from-s3rver", environment=store.environment(), code=None)
        require(tables_in_folder(work / "from-s3rver") == tables_in_folder(work / "out"), "recordings of s3rver are others")
        print(f"  s3rver: refused with {told.returncode}: {told.stderr.strip().splitlines()[-1]}")
    finally:
        store.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--callsift", required=True, type=pathlib.Path)
    parser.add_argument("--debug-callsift", type=pathlib.Path)
    parser.add_argument("--small", action="store_true")
    args = parser.parse_args()
    program = args.callsift.resolve()
    debug = (args.debug_callsift or args.callsift).resolve()
    work = pathlib.Path(tempfile.mkdtemp())
    port = free_port()
    store = Store([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], port)
    try:
        print(f"moto {moto.__version__}")
        store.client.create_bucket(Bucket="calls")
        expected = there_and_back(program, store, work)
        credentials(program, store, work)
        if not args.small:
            cached(program, store, work)
            races(program, store, work, expected)
            killed(program, store, expected, debug)
            refused(program, work)
    finally:
        store.end()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
