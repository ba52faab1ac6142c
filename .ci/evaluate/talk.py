#!/usr/bin/env python3
"""Silences, overlaps and interruptions of two-channel calls whose times are known.

    talk.py CALLSIFT [CORPUS=../shared/corpora/emotion-emodb] [--calls 30] [--seed 5] [--keep DIR]

Lays hand-timed sentences out on two channels as talk: answers, long silences, short overlaps, backchannels, and one
cutting the other off. The same calls are heard clean, in noise, with the other side leaking in, with hold music in the
silences, and through telephone codecs. Prints precision and recall at +-0.3 s, by condition; an event counts where both
its ends agree (of an interruption: its start, who came in, and who gave way).
Needs: numpy scipy soundfile pyarrow, and ffmpeg for the codecs.
"""
import argparse, csv, json, pathlib, random, shutil, subprocess, sys, tempfile
from collections import defaultdict
import numpy as np, soundfile as sf
from scipy.signal import butter, lfilter, resample_poly

RATE = 8000
NEAR_S = 0.3       # how far an event's ends may be off
JOINED_S = 0.3     # pauses up to this are no pauses
SILENCE_S = 3.0    # the shortest silence
OVERLAP_S = 0.3    # the shortest overlap
TIE_S = 0.15       # what labels of syllables are good for
ROLES = ("agent", "customer")


class Sentence:
    """A sentence's samples from its first syllable to its last, and where in them it sounds, in seconds."""

    def __init__(self, wav, labels):
        x, rate = sf.read(wav)
        x = resample_poly(x, RATE, rate)
        marks = [(float(a), b) for a, b in (line.split()[:2] for line in labels.read_text("latin-1").splitlines() if line.split()[1:])]
        start, end = marks[0][0], next(t for t, mark in marks if mark == ".")
        self.samples = x[int(start * RATE): int(end * RATE)]
        self.samples = self.samples / np.sqrt(np.mean(self.samples**2)) * 0.05
        self.spans, opened = [], 0.0
        for (t, mark), (after, _) in zip(marks, marks[1:]):
            if mark.startswith("("):
                self.spans.append((opened, t - start))
                opened = after - start
        self.spans.append((opened, end - start))
        self.length = end - start


def sentences(corpus):
    by_speaker = defaultdict(list)
    for row in csv.DictReader(open(corpus / "labels.csv")):
        labels = corpus / "silb" / (pathlib.Path(row["path"]).stem + ".silb")
        if labels.exists() and labels.stat().st_size > 0:
            by_speaker[row["speaker"]].append(Sentence(corpus / row["path"], labels))
    return by_speaker


class Call:
    """Samples and true spans of speech of two channels."""

    def __init__(self, rng, voices, length_s=180.0):
        self.samples = np.zeros((2, int(length_s * RATE)))
        self.spans = [[], []]
        self.quiet = []
        at, who = rng.uniform(0.5, 2.0), 0
        while at < length_s - 30:
            at = self.turn(rng, voices, who, at)
            kind = rng.random()
            if kind < 0.12:
                pause = rng.uniform(3.6, 9.0)
                self.quiet.append((at, at + pause))
                at += pause
            elif kind < 0.30:
                at -= rng.uniform(0.6, 1.2)
            elif kind < 0.45:
                at = self.cut_off(rng, who, at)
            else:
                at += rng.uniform(0.2, 1.6)
            if rng.random() < 0.9:
                who = 1 - who

    def turn(self, rng, voices, who, at):
        for _ in range(rng.choice([1, 1, 2, 3])):
            one = rng.choice(voices[who])
            start = at
            at = self.say(who, one, at)
            if rng.random() < 0.15 and one.length > 2.2:
                self.nod(rng, voices[1 - who], 1 - who, start + rng.uniform(0.5, one.length - 1.2))
            at += rng.uniform(0.35, 0.9)
        return at - 0.2

    def say(self, who, sentence, at):
        n = int(at * RATE)
        self.samples[who, n: n + len(sentence.samples)] += sentence.samples
        self.spans[who] += [(at + a, at + b) for a, b in sentence.spans]
        return at + sentence.length

    def nod(self, rng, voice, who, at):
        """A syllable or two of attention."""
        piece = rng.choice(voice)
        length = rng.uniform(0.45, 0.65)
        if piece.spans[0][1] < length:
            return
        n, count = int(at * RATE), int(length * RATE)
        fade = np.ones(count)
        fade[-160:] = np.linspace(1, 0, 160)
        self.samples[who, n: n + count] += piece.samples[:count] * fade
        self.spans[who].append((at, at + length))

    def cut_off(self, rng, who, at):
        """The next speaker comes in 1.7 to 2.4 s before this one, who goes on for that long, stops."""
        ends = [b for _, b in self.spans[who]]
        starts = [a for a, b in self.spans[who] if b == max(ends)]
        room = max(ends) - starts[0]
        return max(ends) - rng.uniform(1.7, 2.4) if room > 2.8 else at + rng.uniform(0.2, 1.0)


def joined(spans):
    out = []
    for a, b in sorted(spans):
        if out and a - out[-1][1] < JOINED_S:
            out[-1][1] = max(out[-1][1], b)
        else:
            out.append([a, b])
    return out


def truth(spans):
    """Silences, overlaps and interruptions by their definitions, worked out from the spans alone."""
    sides = [joined(side) for side in spans]
    both = joined(sides[0] + sides[1])
    silences = [(a[1], b[0]) for a, b in zip(both, both[1:]) if b[0] - a[1] >= SILENCE_S]
    overlaps = [(max(a[0], b[0]), min(a[1], b[1])) for a in sides[0] for b in sides[1]]
    overlaps = [(a, b) for a, b in overlaps if b - a >= OVERLAP_S]
    cuts = []
    for who in (0, 1):
        for a, b in sides[who]:
            for c, d in sides[1 - who]:
                if c < a < d and min(b, d) - a >= OVERLAP_S:
                    tie = a - c < TIE_S or abs(b - d) < TIE_S
                    cuts.append((a, min(b, d), ROLES[who], d < b, tie))
    return {"silence": silences, "overlap": overlaps, "interruption": cuts}


def edge(event, kind):
    """Whether it is too near a limit to be asked for, or nobody can say who came first: labels are no better than this."""
    limit = SILENCE_S if kind == "silence" else OVERLAP_S
    return event[1] - event[0] < limit + TIE_S or event[4:] == [True]


def noise(rng, samples, db):
    b, a = butter(1, 1000 / (RATE / 2))
    hiss = lfilter(b, a, rng.standard_normal(samples.shape))
    hiss *= 0.05 * 10 ** (-db / 20) / np.sqrt(np.mean(hiss**2))
    return samples + hiss


def music(samples, quiet):
    """Chords of a hold melody with a beat, on the agent's channel, in the silences."""
    out = samples.copy()
    for start, end in quiet:
        t = np.arange(int((end - start - 0.6) * RATE)) / RATE
        notes = np.array([262, 330, 392, 349, 294, 440])
        root = notes[(t / 0.4).astype(int) % 6]
        phase = 2 * np.pi * np.cumsum(root) / RATE
        chord = sum(np.sin(phase * ratio) / (n + 1) for n, ratio in enumerate((1, 1.26, 1.5, 2)))
        n = int((start + 0.3) * RATE)
        out[0, n: n + len(t)] += 0.02 * chord * np.exp(-3 * (t % 0.4))
    return out


def through(samples, codec, folder):
    """The channels after a codec, each by itself where it is a codec of one channel."""
    options = {"mp3": ["-c:a", "libmp3lame", "-b:a", "32k"], "gsm": ["-c:a", "libgsm"], "opus": ["-c:a", "libopus", "-b:a", "16k"]}[codec]
    suffix = {"mp3": ".mp3", "gsm": ".gsm", "opus": ".ogg"}[codec]
    parts = [samples] if codec == "mp3" else [samples[:1], samples[1:]]
    out = []
    for part in parts:
        plain, coded, back = folder / "plain.wav", folder / ("coded" + suffix), folder / "back.wav"
        sf.write(plain, part.T, RATE, subtype="PCM_16")
        for source, target, how in ((plain, coded, options), (coded, back, ["-ar", str(RATE)])):
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, *how, target], check=True)
        out += list(sf.read(back, always_2d=True)[0].T)
    length = min(map(len, out))
    return np.array([x[:length] for x in out])


def conditions(rng, call, folder):
    yield "clean", call.samples
    yield "noise at 20 dB", noise(rng, call.samples, 20)
    yield "noise at 10 dB", noise(rng, call.samples, 10)
    leak = np.roll(call.samples[::-1], 40, axis=1) * 10 ** (-24 / 20)
    yield "other side leaks in at -24 dB", noise(rng, call.samples + leak, 35)
    yield "hold music", noise(rng, music(call.samples, call.quiet), 35)
    if shutil.which("ffmpeg"):
        for codec in ("gsm", "mp3", "opus"):
            yield codec, through(noise(rng, call.samples, 30), codec, folder)


def make(args, work):
    """Writes the calls, a folder a condition, and what is true of each, by file, into `truth.json`."""
    rng, noises = random.Random(args.seed), np.random.default_rng(args.seed)
    voices = sentences(args.corpus)
    true = {}
    for n in range(args.calls):
        pair = rng.sample(sorted(voices), 2)
        call = Call(rng, [voices[speaker] for speaker in pair])
        true[f"{n:03}.wav"] = truth(call.spans)
        for name, samples in conditions(noises, call, work):
            folder = work / "calls" / name
            folder.mkdir(parents=True, exist_ok=True)
            sf.write(folder / f"{n:03}.wav", np.clip(samples, -1, 1).T, RATE, subtype="ULAW")
    (work / "truth.json").write_text(json.dumps(true))


def heard(tool, folder, results):
    import pyarrow.parquet as pq
    done = subprocess.run([tool, "inspect", folder, "--out", results, "--progress", "never", "--agent-channel", "left"],
                          capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    files = sorted((results / "calls").rglob("*.parquet"))
    tables = [pq.ParquetFile(file).read(["call_id", "silences", "interruptions"]) for file in files]
    rows = {row["call_id"]: row for table in tables for row in table.to_pylist()}
    spans = lambda one: (one["start_ms"] / 1000, one["end_ms"] / 1000)
    cut = lambda one: (*spans(one), one["by"], one["yielded"])
    probed = {}
    for line in subprocess.run([tool, "probe", *sorted(folder.iterdir())], capture_output=True, text=True).stdout.splitlines():
        line = json.loads(line)
        sides = [[(a / 1000, b / 1000) for a, b in channel["speech"]] for channel in line["channels"]]
        name = pathlib.Path(line["path"]).name
        overlaps = [(max(a, c), min(b, d)) for a, b in sides[0] for c, d in sides[1]]
        probed[name] = {
            "silence": [spans(one) for one in rows[name]["silences"]],
            "overlap": [(a, b) for a, b in overlaps if b - a >= OVERLAP_S],
            "interruption": [cut(one) for one in rows[name]["interruptions"]],
        }
    return probed


def same(a, b, kind):
    if kind == "interruption":
        return abs(a[0] - b[0]) <= NEAR_S and list(a[2:4]) == list(b[2:4])
    return abs(a[0] - b[0]) <= NEAR_S and abs(a[1] - b[1]) <= NEAR_S


def count(true, found, kind):
    """(true ones that were found, true ones, found ones that are true, found ones); those near a limit are not asked for."""
    asked = [one for one in true if not edge(one, kind)]
    unsure = [one for one in true if edge(one, kind)]
    told = [one for one in found if not edge(one, kind) and not any(abs(one[0] - other[0]) <= NEAR_S for other in unsure)]
    hit = sum(any(same(one, other, kind) for other in found) for one in asked)
    right = sum(any(same(one, other, kind) for other in true) for one in told)
    return np.array([hit, len(asked), right, len(told)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("callsift", type=pathlib.Path)
    parser.add_argument("corpus", nargs="?", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[2] / "../shared/corpora/emotion-emodb")
    parser.add_argument("--calls", type=int, default=30)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--keep", type=pathlib.Path, help="leave the calls and what was heard here, and take calls that are there")
    args = parser.parse_args()
    if not (args.corpus / "silb").is_dir():
        print("SKIPPED: there is no corpus of timed sentences")
        return
    work = args.keep or pathlib.Path(tempfile.mkdtemp())
    if not (work / "truth.json").exists():
        make(args, work)
    true = json.loads((work / "truth.json").read_text())
    print(f"{len(true)} calls of 180 s; precision and recall at +-{NEAR_S} s")
    for folder in sorted((work / "calls").iterdir()):
        shutil.rmtree(work / "results", ignore_errors=True)
        found = heard(args.callsift.resolve(), folder, work / "results")
        line = []
        for kind in ("silence", "overlap", "interruption"):
            hit, asked, right, told = sum(count(true[call][kind], found[call][kind], kind) for call in true)
            line.append(f"{kind} P {right / max(told, 1):.3f} R {hit / max(asked, 1):.3f} ({asked})")
        print(f"{folder.name:30} " + "; ".join(line), flush=True)
        if args.keep:
            (work / f"{folder.name}.json").write_text(json.dumps({call: [true[call], found[call]] for call in true}))
    if not args.keep:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
