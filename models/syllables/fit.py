#!/usr/bin/env python3
"""Fits the weights of the clues to syllables on EmoDB and writes src/acoustics/syllables/weights.rs, or judges them.

    fit.py CORPUS [--evaluate] [--measure BINARY]

CORPUS holds EmoDB: labels.csv, the sentences at 16 kHz and silb/ with hand-timed syllables. What is weighted comes from the
product itself: BINARY is `examples/features`, built where not given. Each sentence counts as it is, through a
telephone's band, through GSM, in noise, and at other speeds: ridge regression of the clues of all its stretches on its
syllables, such that relative errors count.

--evaluate writes nothing: it fits to eight speakers each and judges on the other two, in five folds: syllables a second
of the sentence as it is, over what was found to be speech, against those of the hand-timed ones.
Needs numpy, scipy, soundfile, ffmpeg.
"""
import argparse, csv, pathlib, subprocess, sys, tempfile
import numpy as np
import soundfile as sf
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "anger"))
import copies
from copies import RATE

ROOT = pathlib.Path(__file__).resolve().parents[2]
RIDGE = 3.0


def timed(path):
    """Hand-timed syllables and the seconds that they take, without pauses."""
    rows = [line.split() for line in path.read_text("latin-1").splitlines() if line.strip()]
    starts = [float(row[0]) for row in rows]
    spoken = [n for n, row in enumerate(rows[:-1]) if row[1] not in (".", "(")]
    return len(spoken), sum(starts[n + 1] - starts[n] for n in spoken)


def sentences(corpus):
    """Samples at 16 kHz, speaker, syllables and their seconds of each sentence that somebody timed."""
    for row in csv.DictReader(open(corpus / "labels.csv")):
        labels = corpus / "silb" / (pathlib.Path(row["path"]).stem + ".silb")
        if labels.exists() and timed(labels)[0]:
            yield sf.read(corpus / row["path"])[0], row["speaker"], *timed(labels)


def made(sounds):
    """What is heard of each sentence, by the name of the copy."""
    rng = np.random.default_rng(1)
    clean = [copies.to_telephone_rate(x) for x in sounds]
    noisy = lambda x: copies.with_noise(x, copies.coloured_noise(rng, len(x), rng.integers(3)), rng.uniform(10, 30))
    other_speed = lambda x: copies.filtered(rng, copies.resample_poly(x, 20, rng.integers(16, 26)))
    return {
        "clean": clean,
        "telephone": [copies.telephone(x) for x in sounds],
        "gsm": copies.through(copies.GSM, [copies.levelled(x) for x in clean]),
        "noise": [noisy(x) for x in clean],
        "speed": [other_speed(x) for x in clean],
    }


def heard(binary, sounds, folder):
    """For each sound, the sum of the clues of its stretches, and their seconds."""
    names = []
    for n, sound in enumerate(sounds):
        names.append(folder / f"{n}.wav")
        silence = np.zeros(RATE // 2)
        padded = np.concatenate([silence, copies.levelled(sound), silence])
        sf.write(names[-1], np.clip(padded, -1, 32767 / 32768), RATE, subtype="PCM_16")
    listed = folder / "list.txt"
    listed.write_text("".join(f"{name}\n" for name in names))
    out = subprocess.run([binary, "syllables", listed], capture_output=True, check=True).stdout
    columns, rows = out.split(b"\n", 1)
    rows = np.frombuffer(rows, "<f4").reshape(-1, columns.count(b",") + 1).astype(float)
    clues, seconds = np.zeros((len(sounds), rows.shape[1] - 4)), np.zeros(len(sounds))
    np.add.at(clues, rows[:, 0].astype(int), rows[:, 4:])
    np.add.at(seconds, rows[:, 0].astype(int), (rows[:, 3] - rows[:, 2]) / 1000)
    return clues, seconds


def fitted(clues, syllables):
    """Weights of the least relative error, drawn to 0 by how much each clue varies."""
    x = clues / syllables[:, None]
    scale = x.std(0) + 1e-6
    x = x / scale
    return np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.sum(0)) / scale


def evaluate(by_copy, speakers, syllables, seconds):
    folds = np.array_split(np.array(sorted(set(speakers))), 5)
    print("| copy | sentences | correlation | error | all syllables |\n|" + " --- |" * 5)
    counts = {name: np.zeros(len(speakers)) for name in by_copy}
    for fold in folds:
        judged = np.isin(speakers, fold)
        fit = [(clues[~judged], syllables[~judged]) for clues, _ in by_copy.values()]
        weights = fitted(*(np.concatenate(part) for part in zip(*fit)))
        for name, (clues, _) in by_copy.items():
            counts[name][judged] = clues[judged] @ weights
    for name, (_, speech_s) in by_copy.items():
        if name == "speed":
            continue
        kept = speech_s > 0
        rates, true = counts[name][kept] / speech_s[kept], (syllables / seconds)[kept]
        found = [np.corrcoef(rates, true)[0, 1], np.abs(rates / true - 1).mean(), counts[name].sum() / syllables.sum() - 1]
        print(f"| {name} | {kept.sum()} | {found[0]:.3f} | {found[1]:.1%} | {found[2]:+.1%} |")


def write(weights, path):
    path.write_text(f"""//! Weights of the clues to syllables: written by `models/syllables/fit.py`, not by hand.

use super::CLUES;

pub(super) static WEIGHTS: [f32; CLUES] = [{", ".join(f"{weight:.5f}" for weight in weights)}];
""")
    subprocess.run(["rustfmt", "--edition", "2024", path], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--evaluate", action="store_true")
    parser.add_argument("--measure", metavar="BINARY", type=pathlib.Path)
    args = parser.parse_args()
    if not args.measure:
        subprocess.run(["cargo", "build", "--release", "--example", "features"], cwd=ROOT, check=True)
        args.measure = ROOT / "target/release/examples/features"
    sounds, speakers, syllables, seconds = zip(*sentences(args.corpus))
    speakers, syllables, seconds = np.array(speakers), np.array(syllables, float), np.array(seconds)
    with tempfile.TemporaryDirectory() as folder:
        by_copy = {name: heard(args.measure, copy, pathlib.Path(folder)) for name, copy in made(sounds).items()}
    if args.evaluate:
        evaluate(by_copy, speakers, syllables, seconds)
        return
    clues = np.concatenate([clues for clues, _ in by_copy.values()])
    write(fitted(clues, np.tile(syllables, len(by_copy))), ROOT / "src/acoustics/syllables/weights.rs")


if __name__ == "__main__":
    main()
