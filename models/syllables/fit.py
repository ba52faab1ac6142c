#!/usr/bin/env python3
"""Fits the net of syllables on EmoDB and writes src/acoustics/syllables/weights.rs, or judges it.

    fit.py CORPUS [--evaluate] [--measure BINARY] [--epochs N]

CORPUS holds EmoDB: labels.csv, the sentences at 16 kHz and silb/ with hand-timed syllables. What the net sees comes from the
product itself: BINARY is `examples/features`, built where not given. Each sentence counts as it is, through a
telephone's band, through GSM, in noise, and at other speeds. Ten sentences are few, so made-up words of six languages
(words.py) are heard too. The truth is a density of syllables, one bump at the middle of each; what counts is how far the sums
over 0.1, 0.25 and 0.6 s are from its sums (Lempitsky and Zisserman 2010 compare sums over boxes).

--evaluate writes nothing: it judges what it did not fit to, in five folds, once with two speakers left out and once with
two of the ten sentences left out: syllables a second of the sentence as it is, over what was found to be speech, against
those of the hand-timed ones.
Needs numpy, scipy, soundfile, ffmpeg, jax, optax, libespeak-ng.
"""
import argparse, csv, pathlib, subprocess, sys, tempfile
from typing import NamedTuple
import numpy as np
import soundfile as sf
sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / name) for name in ("anger", "nets")]
import copies, nets, words
from copies import RATE

ROOT = pathlib.Path(__file__).resolve().parents[2]
APART = [1, 2, 4, 8, 16]
FRAME_S = 0.01
BEFORE_S = 0.5
BUMP_FRAMES = 3.0
SUMS_FRAMES = (10, 25, 60)
WORDS = 2600
LENGTH, BATCH, RATE_OF_LEARNING, DECAY = 600, 32, 1e-2, 1e-3


class Sentence(NamedTuple):
    sound: np.ndarray
    speaker: str
    text: str
    middles_s: np.ndarray
    seconds: float


def timed(path):
    """Hand-timed syllables, where they start and end, without pauses."""
    rows = [line.split() for line in path.read_text("latin-1").splitlines() if line.strip()]
    starts = [float(row[0]) for row in rows]
    return [(starts[n], starts[n + 1]) for n, row in enumerate(rows[:-1]) if row[1] not in (".", "(")]


def sentences(corpus):
    """Each sentence that somebody timed."""
    for row in csv.DictReader(open(corpus / "labels.csv")):
        name = pathlib.Path(row["path"]).stem
        labels = corpus / "silb" / f"{name}.silb"
        spans = timed(labels) if labels.exists() else []
        if spans:
            middles, lengths = np.array([[(start + end) / 2, end - start] for start, end in spans]).T
            yield Sentence(sf.read(corpus / row["path"])[0], row["speaker"], name[2:5], middles, lengths.sum())


def made(said):
    """What is heard of each sentence, and how much slower, by the name of the copy."""
    rng = np.random.default_rng(1)
    sounds = [sentence.sound for sentence in said]
    clean = [copies.to_telephone_rate(x) for x in sounds]
    noisy = lambda x: copies.with_noise(x, copies.coloured_noise(rng, len(x), rng.integers(3)), rng.uniform(10, 30))
    as_it_is = np.ones(len(sounds))
    yield "clean", clean, as_it_is
    yield "telephone", [copies.telephone(x) for x in sounds], as_it_is
    yield "gsm", copies.through(copies.GSM, [copies.levelled(x) for x in clean]), as_it_is
    yield "noise", [noisy(x) for x in clean], as_it_is
    for n in range(2):
        downs = rng.integers(28, 57, len(sounds))
        at_speed = [copies.filtered(rng, copies.resample_poly(x, 20, down)) for x, down in zip(sounds, downs)]
        yield f"speed {n + 1}", at_speed, 40 / downs  # 40 down is from 16 to 8 kHz


def made_up():
    """Utterances of made-up words, and what is heard of them."""
    rng = np.random.default_rng(4)
    for samples, middles_s in words.said(rng, WORDS):
        sound = copies.filtered(rng, copies.to_telephone_rate(samples, words.RATE))
        if rng.random() < 0.5:
            sound = copies.room(rng, sound)
        if rng.random() < 0.4:
            sound = copies.with_noise(sound, copies.coloured_noise(rng, len(sound), rng.integers(3)), rng.uniform(10, 30))
        yield Sentence(samples, "", "", middles_s, 0.0), sound


class Heard(NamedTuple):
    clues: np.ndarray  # of each frame of all stretches
    frames: np.ndarray  # their numbers in the sound
    density: np.ndarray  # syllables a frame


def heard(binary, said, sounds, slower, folder):
    names = []
    for n, sound in enumerate(sounds):
        names.append(folder / f"{n}.wav")
        silence = np.zeros(int(BEFORE_S * RATE))
        padded = np.concatenate([silence, copies.levelled(sound), silence])
        sf.write(names[-1], np.clip(padded, -1, 32767 / 32768), RATE, subtype="PCM_16")
    listed = folder / "list.txt"
    listed.write_text("".join(f"{name}\n" for name in names))
    out = subprocess.run([binary, "syllables", listed], capture_output=True, check=True).stdout
    columns, rows = out.split(b"\n", 1)
    rows = np.frombuffer(rows, "<f4").reshape(-1, columns.count(b",") + 1)
    for n, (sentence, slow) in enumerate(zip(said, slower)):
        of = rows[rows[:, 0] == n]
        frames = np.round(of[:, 2] / (1000 * FRAME_S)).astype(int)
        middles = (sentence.middles_s * slow + BEFORE_S) / FRAME_S
        yield Heard(of[:, 3:], frames, density(frames, middles))


def density(frames, middles):
    """Bumps at the middles, each of which sums up to one over all frames of the sound."""
    every = np.arange(int(max([*middles, *frames, 0])) + 50)
    bumps = np.exp(-0.5 * ((every[:, None] + 0.5 - middles) / BUMP_FRAMES) ** 2)
    return (bumps / bumps.sum(0)).sum(1)[frames].astype(np.float32)


def chunks(of):
    """Runs of one length with their density, and which frames there are."""
    for one in of:
        cuts = np.flatnonzero(np.diff(one.frames) != 1) + 1
        for clues, true in zip(np.split(one.clues, cuts), np.split(one.density, cuts)):
            for start in range(0, len(clues), LENGTH):
                part, there = clues[start:start + LENGTH], true[start:start + LENGTH]
                pad = (0, LENGTH - len(part))
                yield np.pad(part, (pad, (0, 0))), np.pad(there, pad), np.pad(np.ones(len(part)), pad)


def over_zero(xp, x):
    return 0.5 * (x + xp.sqrt(x * x + 1))


def fitted(of, epochs):
    import jax.numpy as jnp
    xs, ys, there = (np.array(part, np.float32) for part in zip(*chunks(of)))

    def loss(answers, y, there):
        off = jnp.cumsum(jnp.pad((over_zero(jnp, answers) - y) * there, ((0, 0), (max(SUMS_FRAMES), 0))), 1)
        sums = [(off[:, frames:] - off[:, :-frames]) / np.sqrt(frames) for frames in SUMS_FRAMES]
        return sum((sum_ ** 2).sum() for sum_ in sums) / there.sum()

    return nets.fitted((xs, ys, there), loss, APART, epochs, BATCH, RATE_OF_LEARNING, DECAY, carefully=True)


def counted(weights, of):
    """Syllables of a sentence."""
    total = 0.0
    for clues, _, there in chunks([of]):
        total += (over_zero(np, nets.answers(weights, clues[None], APART)[0]) * there).sum()
    return total


def evaluate(by_copy, said, more, epochs):
    print("| left out | copy | sentences | correlation | error | all syllables |\n|" + " --- |" * 6)
    syllables, seconds = (np.array(column, float) for column in zip(*((len(s.middles_s), s.seconds) for s in said)))
    for name, of in (("speakers", [s.speaker for s in said]), ("sentences", [s.text for s in said])):
        counts = {copy: np.zeros(len(said)) for copy in by_copy}
        values = sorted(set(of))
        for fold in range(5):
            judged = np.isin(of, values[fold::5])
            weights = fitted([one for copy in by_copy.values() for one, out in zip(copy, judged) if not out] + more, epochs)
            for copy, counts_of in counts.items():
                for n in np.flatnonzero(judged):
                    counts_of[n] = counted(weights, by_copy[copy][n])
        for copy in [copy for copy in by_copy if not copy.startswith("speed")]:
            speech_s = np.array([len(one.frames) * FRAME_S for one in by_copy[copy]])
            kept = speech_s > 0
            for over, length in ((" (hand-timed)", seconds), ("", speech_s)):
                rates, true = counts[copy][kept] / length[kept], (syllables / seconds)[kept]
                found = np.corrcoef(rates, true)[0, 1], np.abs(rates / true - 1).mean(), counts[copy].sum() / syllables.sum() - 1
                print(f"| {name} | {copy}{over} | {kept.sum()} | {found[0]:.3f} | {found[1]:.1%} | {found[2]:+.1%} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--evaluate", action="store_true")
    parser.add_argument("--measure", metavar="BINARY", type=pathlib.Path)
    parser.add_argument("--epochs", type=int, default=30)
    args = parser.parse_args()
    if not args.measure:
        subprocess.run(["cargo", "build", "--release", "--example", "features"], cwd=ROOT, check=True)
        args.measure = ROOT / "target/release/examples/features"
    said = list(sentences(args.corpus))
    with tempfile.TemporaryDirectory() as folder:
        hear = lambda said, sounds, slower: list(heard(args.measure, said, sounds, slower, pathlib.Path(folder)))
        by_copy = {name: hear(said, sounds, slower) for name, sounds, slower in made(said)}
        utterances, sounds = zip(*made_up())
        more = hear(utterances, sounds, np.ones(len(sounds)))
    if args.evaluate:
        evaluate(by_copy, said, more, args.epochs)
        return
    weights = fitted([one for copy in by_copy.values() for one in copy] + more, args.epochs)
    nets.write(weights, APART, "syllables", ROOT / "src/acoustics/syllables/weights.rs")


if __name__ == "__main__":
    main()
