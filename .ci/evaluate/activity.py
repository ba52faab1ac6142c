#!/usr/bin/env python3
"""Voice activity against hand-made labels, beside Silero, WebRTC and earshot.

    activity.py --callsift PROGRAM --corpora FOLDER [--only ami|emodb]

For AMI's excerpts and EmoDB's sentences at 8 kHz, frames of 10 ms: the area under the ROC curve, false alarms at the threshold
that keeps 0.95 of the speech, and F1, precision and recall at each detector's own threshold (0.5). A frame is speech if its
middle lies in a labelled segment (AMI) or a hand-timed syllable (EmoDB). AMI judges and nothing else: count every run
on it. EmoDB's sentences are what the weights were fitted to, so its rows are optimistic.

Needs numpy, scipy, soundfile and scikit-learn. A peer that is not installed, or a corpus that is not there, is skipped
and said so: silero-vad with onnxruntime, webrtcvad-wheels, and the crate earshot.
"""
import argparse
import csv
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
from collections import defaultdict
from math import gcd

import numpy as np
import soundfile as sf
from scipy.signal import resample_poly
from sklearn.metrics import roc_auc_score

RATE, FRAME = 8000, 80

EARSHOT = {
    "Cargo.toml": """[package]
name = "peer"
version = "0.0.0"
edition = "2021"
[dependencies]
earshot = "=1.2.2"
[workspace]
""",
    "src/main.rs": """use std::io::{Read, Write};
fn main() {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).unwrap();
    let samples: Vec<i16> = bytes.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect();
    let mut detector = earshot::Detector::default();
    let mut out = std::io::stdout().lock();
    for frame in samples.chunks_exact(256) {
        out.write_all(&detector.predict_i16(frame).to_le_bytes()).unwrap();
    }
}
""",
}


def at_rate(path):
    x, rate = sf.read(path, always_2d=True)
    step = gcd(rate, RATE)
    return resample_poly(x.mean(1), RATE // step, rate // step)


def truth_of(spans, samples):
    t = (np.arange(len(samples) // FRAME) + 0.5) * 0.01
    return np.any([(t >= a) & (t < b) for a, b in spans], axis=0)


def ami(folder):
    spans = defaultdict(list)
    for row in csv.DictReader(open(folder / "vad-ami/segments.csv")):
        spans[row["path"]].append((float(row["start_s"]), float(row["end_s"])))
    for name, spans in spans.items():
        samples = at_rate(folder / "vad-ami" / name)
        yield samples, truth_of(spans, samples)


def emodb(folder):
    for silb in sorted((folder / "emotion-emodb/silb").glob("*.silb")):
        rows = [line.split() for line in silb.read_text(encoding="latin1").splitlines()]
        marks = [(float(row[0]), row[1] if len(row) > 1 else "") for row in rows if row and row[0][0].isdigit()]
        spans = [(a, b) for (a, mark), (b, _) in zip(marks, marks[1:]) if not mark.startswith("(")]
        if spans:
            samples = at_rate(folder / "emotion-emodb/wav" / (silb.stem + ".wav"))
            yield samples, truth_of(spans, samples)


def pcm(samples):
    return (np.clip(samples, -1, 1) * 32767).astype("<i2")


def every_frame(values, samples, hop):
    """Values that come every `hop` samples, one for each frame of 10 ms."""
    middles = (np.arange(len(samples) // FRAME) + 0.5) * FRAME
    return values[np.minimum((middles / hop).astype(int), len(values) - 1)]


class Callsift:
    """Frames of `callsift probe --frames`."""

    def __init__(self, program):
        self.program = program

    def __call__(self, samples):
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            sf.write(file.name, pcm(samples), RATE, subtype="PCM_16")
            done = subprocess.run([self.program, "probe", "--frames", file.name], capture_output=True, check=True)
        frames = json.loads(done.stdout)["channels"][0]["frames"]
        return np.array([frame["speech"] for frame in frames])


class Silero:
    """The model of the package silero-vad at 8 kHz, through onnxruntime."""

    def __init__(self):
        import onnxruntime
        folder = importlib.util.find_spec("silero_vad").submodule_search_locations[0]
        self.session = onnxruntime.InferenceSession(str(pathlib.Path(folder, "data/silero_vad.onnx")))

    def __call__(self, samples):
        state, context, out = np.zeros((2, 1, 128), np.float32), np.zeros((1, 32), np.float32), []
        padded = np.pad(samples, (0, -len(samples) % 256)).astype(np.float32)
        for window in padded.reshape(-1, 1, 256):
            frame = np.concatenate([context, window], 1)
            context = frame[:, -32:]
            feed = {"input": frame, "state": state, "sr": np.array(RATE, np.int64)}
            likely, state = self.session.run(None, feed)
            out.append(likely[0, 0])
        return every_frame(np.array(out), samples, 256)


class WebRtc:
    def __init__(self, mode):
        import webrtcvad
        self.new = lambda: webrtcvad.Vad(mode)

    def __call__(self, samples):
        detector, data = self.new(), pcm(samples).tobytes()
        return np.array([detector.is_speech(data[n * 160: n * 160 + 160], RATE) for n in range(len(samples) // FRAME)], float)


class Earshot:
    """The crate; it wants 16 kHz."""

    def __init__(self, folder):
        for name, text in EARSHOT.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        build = subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=folder, capture_output=True, text=True)
        if build.returncode:
            raise OSError(build.stderr.strip().splitlines()[0])
        self.program = pathlib.Path(folder, "target/release/peer")

    def __call__(self, samples):
        wide = np.pad(resample_poly(samples, 2, 1), (0, 256))
        out = subprocess.run([self.program], input=pcm(wide).tobytes(), capture_output=True, check=True).stdout
        return every_frame(np.frombuffer(out, "<f4"), samples, 128)


def detectors(program, folder):
    wanted = {"callsift": lambda: Callsift(program), "Silero": Silero, "earshot": lambda: Earshot(folder)}
    wanted |= {f"WebRTC {mode}": lambda mode=mode: WebRtc(mode) for mode in range(4)}
    found = {}
    for name, make in wanted.items():
        try:
            found[name] = make()
        except (ImportError, AttributeError, TypeError, OSError) as missing:
            print(f"skipped: {name}: {missing}", file=sys.stderr)
    return found


def figures(likely, truth):
    guess = likely >= 0.5
    hits = (guess & truth).sum()
    shown = {"F1": 2 * hits / (guess.sum() + truth.sum()), "precision": hits / max(guess.sum(), 1), "recall": hits / truth.sum()}
    if len(np.unique(likely)) > 2:
        threshold = np.quantile(likely[truth], 0.05)
        shown |= {"AUC": roc_auc_score(truth, likely), "at recall 0.95": (likely[~truth] >= threshold).mean()}
    return shown | {"false alarms": (guess & ~truth).sum() / (~truth).sum()}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--callsift", required=True)
    options.add_argument("--corpora", required=True, type=pathlib.Path)
    options.add_argument("--only", choices=["ami", "emodb"])
    args = options.parse_args()
    columns = ["AUC", "at recall 0.95", "F1", "precision", "recall", "false alarms"]
    with tempfile.TemporaryDirectory() as folder:
        found = detectors(args.callsift, folder)
        for name, corpus in {"ami": ami, "emodb": emodb}.items():
            if args.only in (None, name):
                try:
                    clips = list(corpus(args.corpora))
                except OSError as missing:
                    clips = []
                    print(missing, file=sys.stderr)
                if not clips:
                    print(f"skipped: {name}: not in {args.corpora}", file=sys.stderr)
                    continue
                truth = np.concatenate([truth for _, truth in clips])
                print(f"\n{name}: {len(truth) / 100:.0f} s, {truth.mean():.0%} speech\n")
                print("| detector | " + " | ".join(columns) + " |\n|" + " --- |" * (len(columns) + 1))
                for peer, detector in found.items():
                    shown = figures(np.concatenate([detector(samples)[: len(truth)] for samples, truth in clips]), truth)
                    print(f"| {peer} | " + " | ".join(f"{shown[c]:.3f}" if c in shown else "" for c in columns) + " |")


if __name__ == "__main__":
    main()
