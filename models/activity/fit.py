#!/usr/bin/env python3
"""Fits the net of speech activity on EmoDB and writes src/acoustics/activity/weights.rs, or judges all of it.

    fit.py CORPUS [--evaluate PROGRAM] [--measure BINARY] [--work DIR] [--scenes N]

CORPUS holds EmoDB: labels.csv, the sentences at 16 kHz and silb/ with hand-timed syllables. Eight speakers are laid out in
scenes (scenes.py) of 10 to 60 s. What the net sees comes from the product itself: BINARY is `examples/features`, built
where not given. The net (12 units, Adam, 12 epochs) learns from every fifth frame. A frame is speech
between a sentence's syllables too where the pause is under 0.3 s.

--evaluate writes nothing: it judges PROGRAM (`callsift probe --frames`) on scenes of the two other speakers, by kind of noise.
The same seed gives the same scenes; --work keeps them for the next run. Needs numpy, scipy, soundfile, scikit-learn, ffmpeg.
"""
import argparse, json, os, pathlib, subprocess, sys, tempfile, warnings
os.environ.setdefault("OMP_NUM_THREADS", "1")
from collections import defaultdict
from multiprocessing import Pool
import numpy as np
import soundfile as sf
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import scenes

warnings.simplefilter("ignore", ConvergenceWarning)  # the epochs are few by choice

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLUES, HIDDEN, EPOCHS, KEPT_APART = 19, 12, 12, 2
LENGTHS_S = [10, 20, 30, 60]


def made(task):
    """One scene, written to its file: the file, its true spans, and the kinds of noise in it."""
    corpus, who, seed, n, path = task
    voices = scenes.sentences(corpus)
    speakers = sorted(voices)
    speakers = speakers[:-KEPT_APART] if who == "fit" else speakers[-KEPT_APART:]
    rng = np.random.default_rng([seed, n])
    scene = scenes.Scene(rng, {speaker: voices[speaker] for speaker in speakers}, float(rng.choice(LENGTHS_S)))
    sf.write(path, np.clip(scenes.coded(rng, scene), -1, 32767 / 32768), scenes.RATE, subtype="PCM_16")
    return {"path": str(path), "spans": scene.spans, "kinds": scene.kinds}


def scenes_of(corpus, who, count, work):
    folder = work / who
    listed = folder / f"{count}.json"
    if not listed.exists():
        folder.mkdir(parents=True, exist_ok=True)
        seed = 1 if who == "fit" else 2
        with Pool() as pool:
            done = pool.map(made, [(corpus, who, seed, n, folder / f"{n}.wav") for n in range(count)], chunksize=8)
        listed.write_text(json.dumps(done))
    return json.loads(listed.read_text())


def seen(binary, made, work):
    """Clues and truth of every fifth frame of the scenes."""
    listed = work / "list.txt"
    listed.write_text("".join(scene["path"] + "\n" for scene in made))
    out = subprocess.run([binary, "activity", listed], capture_output=True, check=True).stdout
    rows = np.frombuffer(out, "<f4").reshape(-1, 3 + CLUES)
    truth = [scenes.truth(scene["spans"], 6100) for scene in made]
    return rows[:, 3:].astype(float), np.array([truth[int(row[0])][int(row[2])] for row in rows])


def fitted(clues, truth):
    means, deviations = clues.mean(0), clues.std(0)
    net = MLPClassifier((HIDDEN,), alpha=1e-3, batch_size=512, max_iter=EPOCHS, random_state=0).fit((clues - means) / deviations, truth)
    first = net.coefs_[0] / deviations[:, None]
    return first, net.intercepts_[0] - means @ first, net.coefs_[1][:, 0], net.intercepts_[1][0]


def write(model, path):
    first, first_bias, last, last_bias = model
    row = lambda values: "[" + ", ".join(f"{value:.5f}" for value in values) + "]"
    path.write_text(f"""//! Weights of the net of speech: written by `models/activity/fit.py`, not by hand.

use super::clues::CLUES;

/// Units of the hidden layer.
pub(super) const HIDDEN: usize = {HIDDEN};

/// Weights and biases of the hidden layer, by clue.
pub(super) static INPUT: [[f32; HIDDEN]; CLUES] = [
    {(',' + chr(10) + '    ').join(row(weights) for weights in first)},
];
pub(super) const HIDDEN_BIAS: [f32; HIDDEN] = {row(first_bias)};

/// Weights and bias of the output.
pub(super) const OUTPUT: [f32; HIDDEN] = {row(last)};
pub(super) const OUTPUT_BIAS: f32 = {last_bias:.5f};
""")
    subprocess.run(["rustfmt", "--edition", "2024", path], check=True)


def figures(likely, truth):
    threshold = np.quantile(likely[truth], 0.05)
    return roc_auc_score(truth, likely), (likely[~truth] >= threshold).mean(), (likely[truth] >= 0.5).mean(), (likely[~truth] >= 0.5).mean()


def evaluate(program, made):
    by_kind = defaultdict(list)
    for scene in made:
        done = subprocess.run([program, "probe", "--frames", scene["path"]], capture_output=True)
        # A scene may be silent; there is nothing to judge then.
        if done.returncode == 0:
            likely = np.array([frame["speech"] for frame in json.loads(done.stdout)["channels"][0]["frames"]])
            for kind in scene["kinds"] + ["all"]:
                by_kind[kind].append((likely, scenes.truth(scene["spans"], len(likely))))
    print("| scenes with | number | AUC | false alarms at recall 0.95 | recall | false alarms |\n|" + " --- |" * 6)
    for kind, judged in sorted(by_kind.items(), key=lambda row: row[0] != "all"):
        found = figures(*(np.concatenate(part) for part in zip(*judged)))
        print(f"| {kind} | {len(judged)} | " + " | ".join(f"{figure:.3f}" for figure in found) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--evaluate", metavar="PROGRAM", type=pathlib.Path)
    parser.add_argument("--measure", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--scenes", type=int)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = args.work or pathlib.Path(folder)
        if args.evaluate:
            evaluate(args.evaluate, scenes_of(args.corpus, "judge", args.scenes or 200, work))
            return
        if not args.measure:
            subprocess.run(["cargo", "build", "--release", "--example", "features"], cwd=ROOT, check=True)
            args.measure = ROOT / "target/release/examples/features"
        made = scenes_of(args.corpus, "fit", args.scenes or 1500, work)
        write(fitted(*seen(args.measure, made, work)), ROOT / "src/acoustics/activity/weights.rs")


if __name__ == "__main__":
    main()
