"""Stands in for a worker and does once what workers do at their worst: stand_in.py MODE PROGRAM MARKER ARGUMENTS...

slow    sleeps for a minute before it begins, and dies with whoever started it
orphan  the same, and outlives whoever started it
cut     ends its output after the first batch, between two messages, and says that all is well

The first to make the file MARKER does it; all others, and runs without rows, are PROGRAM.
"""
import ctypes, os, signal, subprocess, sys, time

import pyarrow as pa

mode, program, marker, *arguments = sys.argv[1:]
PR_SET_PDEATHSIG = 1


def is_first():
    # The driver asks for the schema alone, and nobody is its parent.
    if "--parent" not in arguments:
        return False
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    with open(marker, "w") as file:
        file.write(str(os.getpid()))
    return True


if is_first():
    if mode == "slow":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        time.sleep(60)
    if mode == "orphan":
        os.setsid()
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        time.sleep(60)
    if mode == "cut":
        at = arguments.index("--parent")
        del arguments[at : at + 2]
        whole = subprocess.run([program, *arguments], stdin=sys.stdin, stdout=subprocess.PIPE, check=True).stdout
        reader = pa.ipc.MessageReader.open_stream(pa.BufferReader(whole))
        sink = pa.PythonFile(sys.stdout.buffer, mode="w")
        for message, _ in zip(reader, range(2)):
            message.serialize_to(sink)
        sys.stdout.buffer.flush()
        sys.exit(0)
os.execv(program, [program, *arguments])
