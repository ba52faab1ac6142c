#!/usr/bin/env python3
"""Fits the net of speech activity on EmoDB and writes src/acoustics/activity/weights.rs, or judges all of it.

    fit.py CORPUS [--music FOLDER] [--evaluate PROGRAM] [--measure BINARY] [--work DIR] [--scenes N] [--epochs N]

CORPUS holds EmoDB: labels.csv, the sentences at 16 kHz and silb/ with hand-timed syllables. Eight speakers are laid out in
scenes (scenes.py) of 10 to 60 s. FOLDER holds music, as ogg, mp3, flac, opus or wav, that no test hears: the weights in the
repository were fitted with that of Debian's packages drascula-music, hyperrogue-music, neverball-data, singularity-music,
supertux-data, warzone2100-music and wesnoth-1.16-music, without folders named sounds or speech or after a language;
without FOLDER all music is made up. What the net sees comes from the product itself: BINARY is
`examples/features`, built where not given.

A pair of frames is speech between a sentence's syllables too where the pause is under 0.3 s. Beside speech, silence is
less sure than far from it, since people who label take more of a pause for speech: there the truth is 0.35 that falls
to 0 within 0.6 s.

--evaluate writes nothing: it judges PROGRAM (`callsift probe --frames`) on scenes of the two other speakers, by kind of noise.
The same seed gives the same scenes; --work keeps them for the next run. Needs numpy, scipy, soundfile, scikit-learn, jax,
optax, ffmpeg.
"""
import argparse, json, os, pathlib, subprocess, sys, tempfile
from collections import defaultdict
from multiprocessing import Pool
import numpy as np
import soundfile as sf
sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).resolve().parents[1] / "nets")]
import nets, scenes

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEPT_APART = 2
LENGTHS_S = [10, 20, 30, 60]
PAIR_S, BESIDE, BESIDE_S = 0.02, 0.35, 0.6
APART = [1, 1, 2, 4, 8, 16, 32]
REACH = sum(APART)
CHUNK, BATCH, RATE, DECAY = 500, 32, 4e-3, 1e-4


def made(task):
    """One scene, written to its file: the file, its true spans, and the kinds of noise in it."""
    corpus, music, who, seed, n, path = task
    voices = scenes.sentences(corpus)
    speakers = sorted(voices)
    speakers = speakers[:-KEPT_APART] if who == "fit" else speakers[-KEPT_APART:]
    rng = np.random.default_rng([seed, n])
    pieces = np.load(music, mmap_mode="r") if music else []
    scene = scenes.Scene(rng, {speaker: voices[speaker] for speaker in speakers}, pieces, float(rng.choice(LENGTHS_S)))
    sf.write(path, np.clip(scenes.coded(rng, scene), -1, 32767 / 32768), scenes.RATE, subtype="PCM_16")
    return {"path": str(path), "spans": scene.spans, "kinds": scene.kinds}


def scenes_of(corpus, music, who, count, work):
    folder = work / who
    listed = folder / f"{count}.json"
    if not listed.exists():
        folder.mkdir(parents=True, exist_ok=True)
        seed = 1 if who == "fit" else 2
        with Pool(os.cpu_count()) as pool:
            done = pool.map(made, [(corpus, music, who, seed, n, folder / f"{n}.wav") for n in range(count)], chunksize=8)
        listed.write_text(json.dumps(done))
    return json.loads(listed.read_text())


def seen(binary, made, work):
    """Clues of the pairs of frames of each scene, by scene."""
    listed = work / "list.txt"
    listed.write_text("".join(scene["path"] + "\n" for scene in made))
    out = subprocess.run([binary, "activity", listed], capture_output=True, check=True).stdout
    columns, rows = out.split(b"\n", 1)
    rows = np.frombuffer(rows, "<f4").reshape(-1, columns.count(b",") + 1)
    cuts = np.searchsorted(rows[:, 0], np.arange(1, len(made)))
    return [rows[:, 3:] for rows in np.split(rows, cuts)]


def truth(spans, pairs):
    """How true it is that each pair of frames is speech."""
    middles = (np.arange(pairs) + 0.5) * PAIR_S
    out = np.zeros(pairs, np.float32)
    for a, b in spans:
        off = np.maximum(np.maximum(a - middles, middles - b), 0)
        out = np.maximum(out, np.where(off > 0, BESIDE * np.clip(1 - off / BESIDE_S, 0, 1), 1))
    return out


def chunks(clues, truths):
    """Pieces of one length with what the net sees around them, and how much each pair counts: what is around does not."""
    length = CHUNK + 2 * REACH
    for seen, true in zip(clues, truths):
        for start in range(-REACH, len(seen) - REACH, CHUNK):
            lo, hi = max(start, 0), min(start + length, len(seen))
            pad = (lo - start, start + length - hi)
            counts = np.zeros(length, np.float32)
            counts[REACH:min(REACH + CHUNK, len(seen) - start)] = 1
            yield np.pad(seen[lo:hi], (pad, (0, 0))), np.pad(true[lo:hi], pad), counts


def fitted(clues, truths, epochs):
    import jax
    data = tuple(np.array(part, np.float32) for part in zip(*chunks(clues, truths)))
    loss = lambda z, y, counts: ((jax.nn.softplus(z) - z * y) * counts).sum() / counts.sum()
    return nets.fitted(data, loss, APART, epochs, BATCH, RATE, DECAY)


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
        found = scenes.figures(*(np.concatenate(part) for part in zip(*judged)))
        print(f"| {kind} | {len(judged)} | " + " | ".join(f"{figure:.3f}" for figure in found) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--music", metavar="FOLDER", type=pathlib.Path)
    parser.add_argument("--evaluate", metavar="PROGRAM", type=pathlib.Path)
    parser.add_argument("--measure", metavar="BINARY", type=pathlib.Path)
    parser.add_argument("--work", metavar="DIR", type=pathlib.Path)
    parser.add_argument("--scenes", type=int)
    parser.add_argument("--epochs", type=int, default=40)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = args.work or pathlib.Path(folder)
        music = work / "music.npy" if args.music else None
        if music and not music.exists():
            np.save(music, scenes.played_music(args.music))
        if args.evaluate:
            evaluate(args.evaluate, scenes_of(args.corpus, music, "judge", args.scenes or 200, work))
            return
        if not args.measure:
            subprocess.run(["cargo", "build", "--release", "--example", "features"], cwd=ROOT, check=True)
            args.measure = ROOT / "target/release/examples/features"
        made = scenes_of(args.corpus, music, "fit", args.scenes or 1400, work)
        clues = seen(args.measure, made, work)
        truths = [truth(scene["spans"], len(pairs)) for scene, pairs in zip(made, clues)]
        nets.write(fitted(clues, truths, args.epochs), APART, "activity", ROOT / "src/acoustics/activity/weights.rs")


if __name__ == "__main__":
    main()
