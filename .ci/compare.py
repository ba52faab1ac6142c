"""compare.py CALLS OUT ROUNDS: prints what both pipelines cost and found. CALLS is a folder of calls, OUT what compare-with-baseline
kept of the rounds."""
import json, pathlib, statistics, sys
import duckdb

calls, work = map(pathlib.Path, sys.argv[1:3])
rounds = range(1, int(sys.argv[3]) + 1)
figures = {tool: [json.load(open(work / f"{tool}-{n}.json")) for n in rounds] for tool in ("callsift", "python")}
for tool, runs in figures.items():
    print(f"{tool:9} CPU s {[round(run['cpu_s'], 2) for run in runs]}, peak MB {[round(run['peak_mb']) for run in runs]}")
ratios = [python["cpu_s"] / ours["cpu_s"] for ours, python in zip(figures["callsift"], figures["python"])]
print(f"ratio     Python CPU over callsift CPU {[round(ratio, 1) for ratio in ratios]}, median {statistics.median(ratios):.1f}")

sql = duckdb.connect()
tables = f"{work}/results"
audio_s, = sql.execute(f"select sum(duration_ms) / 1000 from read_parquet('{tables}/calls/**/*.parquet')").fetchone()
python_s = json.loads((work / "python-1.txt").read_text().splitlines()[-1])["audio_s"]
per_core = {tool: audio_s / statistics.median(run["cpu_s"] for run in runs) for tool, runs in figures.items()}
print(f"audio     callsift {audio_s:.1f} s, Python {python_s:.1f} s")
print(f"speed     callsift {per_core['callsift']:.0f} x real time per core, Python {per_core['python']:.0f} x")

transcripts = [json.load(open(path)) for path in sorted((calls / "transcripts").glob("*.json"))]
speech_s = sum(s["end_ms"] - s["start_ms"] for t in transcripts for s in t["segments"]) / 1000
chars = sum(len(s["text"]) for t in transcripts for s in t["segments"])
ours_speech_s, = sql.execute(f"select sum(end_ms - start_ms) / 1000 from read_parquet('{tables}/stretches/**/*.parquet')").fetchone()
theirs_speech_s, = sql.execute(f"select sum(\"end\" - start) from '{work}/baseline.parquet' where kind = 'speech'").fetchone()
print(f"speech    as made {speech_s:.0f} s, callsift {ours_speech_s:.0f} s, Python {theirs_speech_s:.0f} s")
print(f"rate      characters a minute of speech: as made {60 * chars / speech_s:.0f}, callsift {60 * chars / ours_speech_s:.0f}, Python {60 * chars / theirs_speech_s:.0f}")


def silences(intervals, length_s):
    """Spans of 3 s and more in which nobody speaks."""
    edges, at = [], 0.0
    for start, end in sorted(intervals) + [(length_s, length_s)]:
        if start - at >= 3:
            edges.append((at, start))
        at = max(at, end)
    return edges


def total(by_call, lengths):
    spans = [span for call, intervals in by_call.items() for span in silences(intervals, lengths[call])]
    return f"{len(spans)} of {sum(end - start for start, end in spans):.0f} s"


lengths = dict(sql.execute(f"select call_id, duration_ms / 1000 from read_parquet('{tables}/calls/**/*.parquet')").fetchall())
made = {t["call_id"]: [(s["start_ms"] / 1000, s["end_ms"] / 1000) for s in t["segments"]] for t in transcripts}
theirs = {}
for call, start, end in sql.execute(f"select call, start, \"end\" from '{work}/baseline.parquet' where kind = 'speech'").fetchall():
    theirs.setdefault(call, []).append((start, end))
ours = sql.execute(f"select count(*), sum(s.end_ms - s.start_ms) / 1000 from (select unnest(silences) s from read_parquet('{tables}/calls/**/*.parquet'))").fetchone()
print(f"silences  from 3 s: as made {total(made, lengths)}, callsift {ours[0]} of {ours[1]:.0f} s, Python {total(theirs, lengths)}")
