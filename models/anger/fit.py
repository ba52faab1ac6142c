#!/usr/bin/env python3
"""Fits the model of anger on EmoDB and writes src/acoustics/anger/weights.rs, or judges the recipe.

    fit.py CORPUS [--evaluate [--peers]] [--measure BINARY] [--work DIR]

CORPUS holds EmoDB: labels.csv (path, label, speaker, sex, text_id) and the sentences at 16 kHz. Each sentence is fitted as the
telephone file of the judging set (twice) and as six copies through speeds, rooms, filters, noises, levels, pieces and
codecs (copies.py). Measures come from the product itself: BINARY is `examples/features`, built where not given.

--work keeps the copies for the next run. --evaluate writes nothing: it fits again in folds that keep speakers apart (GroupKFold, 5), and prints areas under the ROC curve of
anger against neutral, all others and happiness, with 95 % intervals over speakers; the same where the test files are degraded;
with the sexes and the sentences apart; how well probabilities hold. --peers adds openSMILE eGeMAPSv02 with logistic regression
in the same folds and files (minutes). The same seed gives the same weights. Needs numpy, scipy, soundfile, scikit-learn, ffmpeg.
"""
import argparse, os, pathlib, subprocess, sys, tempfile, warnings
os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
import soundfile as sf
from scipy.optimize import minimize
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import copies

warnings.simplefilter("ignore", ConvergenceWarning)  # EPOCHS are few by choice: stopping early regularises

ROOT = pathlib.Path(__file__).resolve().parents[2]
COPIES, NETS, HIDDEN, DECAY, EPOCHS = 6, 3, 12, 3.0, 25
FARTHEST = 4.0


class Pieces:
    """Measures of the pieces of a list of recordings."""

    def __init__(self, owner, voiced, values, count):
        self.owner, self.voiced, self.values, self.count = owner, voiced, values, count

    def of(self, recordings):
        keep = np.isin(self.owner, recordings)
        return self.values[keep], self.owner[keep]


def kept(work, name, sounds):
    """Files of the sounds, written where `work` has none of that name yet."""
    folder = work / name.replace(" ", "_").replace("/", "").replace(",", "")
    listed = folder / "list.txt"
    if not listed.exists():
        folder.mkdir(parents=True, exist_ok=True)
        sounds = sounds()
        paths = [folder / f"{n}.wav" for n in range(len(sounds))]
        for path, sound in zip(paths, sounds):
            subtype = "ULAW" if name == "plain" else "PCM_16"
            sf.write(path, np.clip(sound, -1, 32767 / 32768), copies.RATE, subtype=subtype)
        listed.write_text("\n".join(map(str, paths)) + "\n")
    return listed


def measured(binary, listed):
    out = subprocess.run([binary, "anger", listed], check=True, capture_output=True).stdout
    columns, rows = out.split(b"\n", 1)
    table = np.frombuffer(rows, "<f4").reshape(-1, columns.count(b",") + 1).astype(np.float64)
    return Pieces(table[:, 0].astype(int), table[:, 2], table[:, 3:], len(listed.read_text().splitlines()))


class Net:
    """Small nets whose log-odds are averaged, on standardised measures."""

    def fit(self, values, angry):
        self.scaler = StandardScaler().fit(values)
        scaled = self.scaled(values)
        self.nets = [MLPClassifier((HIDDEN,), alpha=DECAY, max_iter=EPOCHS, learning_rate_init=2e-3, random_state=seed)
                     .fit(scaled, angry) for seed in range(NETS)]
        return self

    def scaled(self, values):
        return np.clip(self.scaler.transform(values), -FARTHEST, FARTHEST)

    def log_odds(self, values):
        first, bias, last, last_bias = self.joined()
        return np.maximum(self.scaled(values) @ first + bias, 0) @ last + last_bias

    def joined(self):
        """All nets as one: weights and biases of the hidden layer, weights and bias of the output."""
        return (np.hstack([net.coefs_[0] for net in self.nets]), np.hstack([net.intercepts_[0] for net in self.nets]),
                np.vstack([net.coefs_[1] for net in self.nets])[:, 0] / NETS,
                np.mean([net.intercepts_[1][0] for net in self.nets]))


def fitted(sets, angry, recordings):
    rows = [one.of(recordings) for one in sets]
    return Net().fit(np.vstack([values for values, _ in rows]), angry[np.concatenate([owner for _, owner in rows])])


def scores(model, pieces, recordings):
    """Log-odds and voiced seconds of each recording: its pieces weighted by their voiced frames."""
    voiced = np.bincount(pieces.owner, pieces.voiced, pieces.count)
    sums = np.bincount(pieces.owner, pieces.voiced * model.log_odds(pieces.values), pieces.count)
    with np.errstate(invalid="ignore"):
        return (sums / voiced)[recordings], voiced[recordings] / 100


def out_of_fold(fitting, tests, angry, splits):
    found = {name: [np.full(len(angry), np.nan), np.zeros(len(angry))] for name in tests}
    for train, test in splits:
        model = fitted(fitting, angry, train)
        for name, pieces in tests.items():
            found[name][0][test], found[name][1][test] = scores(model, pieces, test)
    return found


def calibration(parts, angry):
    """Base log-odds, offset, slope and seconds of evidence that make out-of-fold log-odds probabilities (Platt 1999,
    drawn to the base rate where little is voiced): the most likely."""
    log_odds, voiced_s = (np.concatenate(column) for column in zip(*parts))
    truth = np.tile(angry, len(parts))
    keep = ~np.isnan(log_odds)
    log_odds, voiced_s, truth = log_odds[keep], voiced_s[keep], truth[keep]
    base = np.log(angry.mean() / (1 - angry.mean()))

    def loss(values):
        offset, slope, evidence_s = values[0], values[1], np.exp(values[2])
        z = base + voiced_s / (voiced_s + evidence_s) * (offset + slope * log_odds)
        return np.mean(np.logaddexp(0, z) - truth * z)
    offset, slope, evidence = minimize(loss, [1.0, 1.0, -1.0], method="Nelder-Mead").x
    return base, offset, slope, np.exp(evidence)


def probability(log_odds, voiced_s, base, offset, slope, evidence_s):
    return 1 / (1 + np.exp(-(base + voiced_s / (voiced_s + evidence_s) * (offset + slope * log_odds))))


def areas(labels, score, weights=None):
    """Areas under the ROC curve against neutral, all others and happiness: a row for each row of weights."""
    weights = np.ones((1, len(labels))) if weights is None else weights
    angry, found = labels == "anger", []
    for others in (labels == "neutral", ~angry, labels == "happiness"):
        rows = np.where((angry | others) & ~np.isnan(score))[0]
        rows = rows[np.argsort(score[rows], kind="stable")]
        positive, negative = weights[:, rows] * angry[rows], weights[:, rows] * ~angry[rows]
        found.append((positive * np.cumsum(negative, 1)).sum(1) / (positive.sum(1) * negative.sum(1)))
    return np.array(found).T


def intervals(labels, score, speakers, seed=1):
    """95 % intervals of the areas: speakers drawn again, two thousand times."""
    names, of = np.unique(speakers, return_inverse=True)
    drawn = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), 2000)
    return np.percentile(areas(labels, score, drawn[:, of]), [2.5, 97.5], axis=0).T


def line(name, labels, score, speakers=None):
    values = areas(labels, score)[0]
    bounds = [f" ({low:.3f} to {high:.3f})" for low, high in intervals(labels, score, speakers)] if speakers is not None else [""] * 3
    missing = f"; not measurable: {np.isnan(score).sum()}" if np.isnan(score).any() else ""
    parts = (f"{what} {value:.3f}{bound}" for what, value, bound in zip(("neutral", "all others", "happiness"), values, bounds))
    print(f"  {name:28s} {', '.join(parts)}{missing}", flush=True)


def reliability(name, angry, chance):
    keep = ~np.isnan(chance)
    angry, chance = angry[keep], chance[keep]
    print(f"  {name}: Brier {np.mean((chance - angry) ** 2):.4f}, of the base rate alone {angry.mean() * (1 - angry.mean()):.4f}")
    for low, high in ((0, .05), (.05, .2), (.2, .4), (.4, .6), (.6, .8), (.8, .95), (.95, 1.001)):
        inside = (chance >= low) & (chance < high)
        if inside.any():
            print(f"    said {chance[inside].mean():.3f}, was {angry[inside].mean():.3f} of {inside.sum()}")


def evaluate(fitting, tests, rows, paths, peers):
    column = lambda name: np.array([row[name] for row in rows])
    labels, speakers, sexes, texts = (column(name) for name in ("label", "speaker", "sex", "text_id"))
    angry = labels == "anger"
    split = lambda groups, count: list(GroupKFold(count).split(angry, angry, groups))
    apart = split(speakers, 5)
    found = out_of_fold(fitting, tests, angry, apart)
    constants = calibration([found["plain"], found["first 1.2 s"]], angry)
    chances = {name: probability(*scored, *constants) for name, scored in found.items()}
    print("anger, speakers apart (5 folds), area under the ROC curve against")
    for name, chance in chances.items():
        line(name, labels, chance, speakers)
    for name, groups, count in (("sexes apart", sexes, 2), ("sentences apart", texts, 5), ("one speaker at a time", speakers, 10)):
        score = out_of_fold(fitting, {"plain": tests["plain"]}, angry, split(groups, count))["plain"]
        line(name, labels, probability(*score, *constants), speakers)
    for sex in "mf":
        line(f"judged on {sex} alone, of 5 folds", labels[sexes == sex], chances["plain"][sexes == sex])
    print("probabilities, out of fold")
    for name in ("plain", "first 1.2 s", "pink noise 10 dB"):
        reliability(name, angry, chances[name])
    if peers:
        peer(paths, labels, speakers, apart)


def peer(paths, labels, speakers, splits):
    try:
        import opensmile
    except ImportError:
        print("openSMILE is not installed: no peer")
        return
    smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
    angry = labels == "anger"
    values = {name: np.nan_to_num(np.array([smile.process_file(str(path)).to_numpy()[0] for path in files]))
              for name, files in paths.items()}
    print("eGeMAPSv02 and logistic regression, the same folds and files")
    for name, tested in values.items():
        score = np.zeros(len(angry))
        for train, test in splits:
            model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, class_weight="balanced", max_iter=3000))
            score[test] = model.fit(values["plain"][train], angry[train]).decision_function(tested[test])
        line(name, labels, score, speakers)


def rust(values):
    """At most five decimals, which rustfmt keeps side by side."""
    return ", ".join(np.format_float_positional(value, precision=5 if abs(value) < 100 else 2, trim="0") for value in np.atleast_1d(values) + 0.0)


def write(model, constants, path):
    first, bias, last, last_bias = model.joined()
    rows = "\n".join(f"    [{rust(row)}]," for row in first)
    scale = np.maximum(model.scaler.scale_, 1e-6)
    base, offset, slope, evidence_s = constants
    path.write_text(f"""//! Weights of the model of anger: written by `models/anger/fit.py`, not by hand.

use super::measures::MEASURES;

/// Units of the hidden layer.
pub(super) const HIDDEN: usize = {len(bias)};

/// Log-odds of anger where nothing was heard: its share in the corpus.
pub(super) const BASE_LOG_ODDS: f32 = {rust(base)};

/// What makes the model's log-odds those of a probability.
pub(super) const OFFSET: f32 = {rust(offset)};
pub(super) const SLOPE: f32 = {rust(slope)};

/// Voiced sound, s, at which half of them counts.
pub(super) const EVIDENCE_S: f32 = {rust(evidence_s)};

/// Means and standard deviations of the measures in the corpus.
pub(super) static MEANS: [f32; MEASURES] = [{rust(model.scaler.mean_)}];
pub(super) static DEVIATIONS: [f32; MEASURES] = [{rust(scale)}];

/// Weights from each measure to each hidden unit, and the biases of these.
pub(super) static INPUT: [[f32; HIDDEN]; MEASURES] = [
{rows}
];
pub(super) static HIDDEN_BIAS: [f32; HIDDEN] = [{rust(bias)}];

/// Weights from each hidden unit to the log-odds, and their bias.
pub(super) static OUTPUT: [f32; HIDDEN] = [{rust(last)}];
pub(super) const OUTPUT_BIAS: f32 = {rust(last_bias)};
""")
    subprocess.run(["rustfmt", "--edition", "2024", "--config-path", ROOT / "rustfmt.toml", path], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--evaluate", action="store_true")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--measure", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--weights", type=pathlib.Path, default=ROOT / "src/acoustics/anger/weights.rs")
    args = parser.parse_args()
    if args.measure is None:
        subprocess.run(["cargo", "build", "--release", "--example", "features"], cwd=ROOT, check=True)
        args.measure = ROOT / "target/release/examples/features"
    rows = copies.labels(args.corpus)
    angry = np.array([row["label"] == "anger" for row in rows])
    sentences = copies.originals(args.corpus, rows)
    judging = copies.judging(sentences)
    names = list(judging) if args.evaluate else ["plain", "first 1.2 s"]
    with tempfile.TemporaryDirectory() as folder:
        work = args.work or pathlib.Path(folder)
        lists = {name: kept(work, name, judging[name]) for name in names}
        tests = {name: measured(args.measure, listed) for name, listed in lists.items()}
        fitting = [tests["plain"]] * 2
        for n in range(COPIES):
            make = lambda: copies.fitting(sentences, np.random.default_rng(1000 + n))
            fitting.append(measured(args.measure, kept(work, f"copy {n}", make)))
        if args.evaluate:
            paths = {name: listed.read_text().splitlines() for name, listed in lists.items()}
            evaluate(fitting, tests, rows, paths, args.peers)
            return
    speakers = np.array([row["speaker"] for row in rows])
    short = {name: tests[name] for name in ("plain", "first 1.2 s")}
    found = out_of_fold(fitting, short, angry, list(GroupKFold(5).split(angry, angry, speakers)))
    constants = calibration(list(found.values()), angry)
    write(fitted(fitting, angry, np.arange(len(rows))), constants, args.weights)


if __name__ == "__main__":
    main()
