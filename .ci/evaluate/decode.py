#!/usr/bin/env python3
"""What becomes of every file of a corpus of recordings: a table, and whether any file takes too much time or memory.

    decode.py CALLSIFT [CORPUS=../shared/corpora/decode]

The corpus has a `manifest.csv` with columns `path` and `ffmpeg_decoded_s`. Prints a line a file: status, our length and
ffmpeg's, seconds of CPU, peak memory, decoder, and warnings; children (decoders in processes of their own) are counted.
Exits with 1 where a file takes over 5 s of CPU or 300 MB, or where the tool ends in another way than by an answer.
"""
import collections, csv, json, os, pathlib, subprocess, sys

LIMIT_S, LIMIT_MB = 5.0, 300


def probed(tool, path):
    """The answer of `probe`, its CPU seconds, and the peak memory of its largest process."""
    read, write = os.pipe()
    pid = os.posix_spawn(tool, [tool, "probe", str(path)], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, write, 1), (os.POSIX_SPAWN_CLOSE, read)])
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        text = pipe.read()
    _, status, used = os.wait4(pid, 0)
    answer = json.loads(text) if os.WIFEXITED(status) and text else None
    return answer, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def verdict(answer):
    if "error" in answer:
        return answer["error"]["code"], "", answer["error"]["message"]
    return answer.get("status", "heard"), answer["decoder"], "; ".join(answer["warnings"])


def main():
    tool = os.path.abspath(sys.argv[1])
    beside = pathlib.Path(__file__).resolve().parents[2] / "../shared/corpora/decode"
    corpus = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else beside
    if not (corpus / "manifest.csv").exists():
        print("SKIPPED: there is no corpus of recordings")
        return 0
    wrong, verdicts, most = [], collections.Counter(), (0.0, 0.0)
    for row in csv.DictReader(open(corpus / "manifest.csv")):
        answer, cpu_s, peak_mb = probed(tool, corpus / row["path"])
        if answer is None:
            wrong.append(f"{row['path']}: no answer")
            continue
        what, decoder, said = verdict(answer)
        ours = f"{answer['duration_ms'] / 1000:.3f}" if "duration_ms" in answer else "-"
        print(f"{row['path']:64} {what:18} {ours:>9} {row['ffmpeg_decoded_s'] or '-':>9} s {cpu_s:5.2f} CPU s {peak_mb:4.0f} MB {decoder:9} {said}")
        verdicts[what] += 1
        most = (max(most[0], cpu_s), max(most[1], peak_mb))
        if cpu_s > LIMIT_S or peak_mb > LIMIT_MB:
            wrong.append(f"{row['path']}: {cpu_s:.1f} s of CPU, {peak_mb:.0f} MB")
    print(", ".join(f"{count} {what}" for what, count in verdicts.most_common()) + f"; at most {most[0]:.2f} CPU s, {most[1]:.0f} MB")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
