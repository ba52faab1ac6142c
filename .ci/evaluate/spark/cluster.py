"""Two hosts on one machine: a master and two workers of Spark, and what is seen of the processes on them."""
import contextlib, io, json, os, pathlib, runpy, signal, socket, subprocess, sys, threading, time, unittest.mock

import pyspark
from pyspark.sql import SparkSession

HOSTS = ["127.0.0.2", "127.0.0.3"]
HOME = pathlib.Path(pyspark.__file__).parent


class Cluster:
    """Spark, standalone: one core a host, so that two tasks run at a time."""

    def __init__(self, folder, python):
        self.folder, self.started, self.session = folder, [], None
        self.env = os.environ | {"SPARK_HOME": str(HOME), "PYSPARK_PYTHON": python, "PYSPARK_DRIVER_PYTHON": python}
        self.env |= {"SPARK_DAEMON_MEMORY": "256m", "PYTHONWARNINGS": "ignore"}
        port = free_port()
        self.master = f"spark://127.0.0.1:{port}"
        of_deploy = "org.apache.spark.deploy"
        self.start("127.0.0.1", f"{of_deploy}.master.Master", "--host", "127.0.0.1", "--port", port, "--webui-port", free_port())
        for host in HOSTS:
            of_worker = ["--host", host, "--cores", "1", "--memory", "1g", "--webui-port", free_port()]
            self.start(host, f"{of_deploy}.worker.Worker", *of_worker, "--work-dir", folder / "work" / host, self.master)

    def start(self, host, *command):
        log = open(self.folder / f"{command[0].rsplit('.')[-1]}-{host}.log", "wb")
        command = [str(HOME / "bin" / "spark-class"), *map(str, command)]
        env = self.env | {"SPARK_LOCAL_IP": host}
        self.started.append(subprocess.Popen(command, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL))

    def stop(self):
        # First the hosts: a session that was broken off in the middle may not know how to stop.
        for process in reversed(self.started):
            process.terminate()
        for process in reversed(self.started):
            process.wait(30)
        if self.session:
            with contextlib.suppress(Exception):
                self.session.stop()

    def settings(self, events):
        return {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": "1g",
            "spark.executor.memory": "1g",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "2",
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": f"file://{events}",
            "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.compress": "false",
            "spark.speculation": "true",
            "spark.speculation.interval": "200ms",
            "spark.speculation.quantile": "0.5",
            "spark.speculation.minTaskRuntime": "4s",
        }

    def submit(self, name, script, arguments):
        """Runs a script with spark-submit; returns how it went."""
        events = self.folder / "events" / name
        events.mkdir(parents=True)
        conf = [part for key, value in self.settings(events).items() for part in ("--conf", f"{key}={value}")]
        command = [str(HOME / "bin" / "spark-submit"), "--master", self.master, *conf, str(script), *map(str, arguments)]
        log = self.folder / f"{name}.log"
        with open(log, "wb") as file:
            env = self.env | {"SPARK_LOCAL_IP": "127.0.0.1"}
            code = subprocess.run(command, env=env, stdout=file, stderr=file, stdin=subprocess.DEVNULL, timeout=300).returncode
        return Ran(code, log.read_text(errors="replace"), read_events(events), None)

    def run(self, script, arguments, while_it_runs=None):
        """Runs a script in a session that goes on, since a new one takes longer than all that a script does; returns how it went."""
        if not self.session:
            self.events = self.folder / "events" / "session"
            self.events.mkdir(parents=True)
            os.environ |= self.env | {"SPARK_LOCAL_IP": "127.0.0.1"}
            builder = SparkSession.builder.master(self.master)
            for key, value in self.settings(self.events).items():
                builder = builder.config(key, value)
            self.session = builder.getOrCreate()
            self.session.sparkContext.setLogLevel("ERROR")
        before, said, seen, over = len(read_events(self.events)), io.StringIO(), [], threading.Event()
        watcher = threading.Thread(target=lambda: seen.append(while_it_runs(over)) if while_it_runs else None)
        watcher.start()
        with unittest.mock.patch.object(SparkSession, "stop"), unittest.mock.patch.object(sys, "argv", [str(script), *map(str, arguments)]):
            with contextlib.redirect_stderr(said):
                try:
                    runpy.run_path(str(script), run_name="__main__")
                    code = 0
                except SystemExit as ended:
                    code = ended.code
        over.set()
        watcher.join()
        time.sleep(0.5)
        return Ran(code, said.getvalue(), read_events(self.events)[before:], seen[0] if seen else None)


class Ran:
    """How a script went: its exit code, what it said, the events of Spark, and what was seen meanwhile."""

    def __init__(self, code, log, events, seen):
        self.code, self.log, self.events, self.seen = code, log, events, seen

    def ended_tasks(self):
        return [event for event in self.events if event["Event"] == "SparkListenerTaskEnd"]

    def failed_with(self, words):
        """Tasks that failed with these words."""
        return [task for task in self.ended_tasks() if words in json.dumps(task["Task End Reason"])]

    def speculated(self):
        return [task for task in self.ended_tasks() if task["Task Info"]["Speculative"]]

    def lost_executors(self):
        gone = [event for event in self.events if event["Event"] == "SparkListenerExecutorRemoved"]
        return [event for event in gone if "lost" in event["Removed Reason"].lower() or "137" in event["Removed Reason"]]


def read_events(folder):
    lines = [line for path in folder.iterdir() if path.is_file() and path.suffix != ".crc" for line in open(path)]
    # The last one may be in the making.
    return [json.loads(line) for line in lines if line.endswith("\n")]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def workers(folder):
    """Process ids of workers, and of whatever stands in for one, whose recordings are in `folder`."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        command = command_of(pid)
        if "--recordings" in command and str(folder) in command and "--out" not in command:
            found.append(int(pid))
    return found


def command_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def written(pid):
    """Bytes that a process has written."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/io").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("wchar")), 0)


def parent(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def executor_of(pid):
    """The executor above a process."""
    while pid > 1:
        if "org.apache.spark.executor.CoarseGrainedExecutorBackend" in command_of(pid):
            return pid
        pid = parent(pid)
    return None


def at_work(folder, over, bytes_before):
    """A worker of Spark that has given some rows and is to give more."""
    while not over.is_set():
        for pid in workers(folder):
            if "--parent" in command_of(pid) and "--inspects-for" not in " ".join(command_of(pid)) and written(pid) > bytes_before:
                return pid
        time.sleep(0.002)
    return None


def orphans(folder, patience_s=10):
    """Workers that are still there when nobody wants them any more; ends them."""
    until = time.monotonic() + patience_s
    while (left := workers(folder)) and time.monotonic() < until:
        time.sleep(0.1)
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return left
