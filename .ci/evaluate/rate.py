"""Syllables a second from sound alone against hand-timed ones: prints a table, one line for each set and copy of it.

    rate.py --callsift target/release/callsift --emodb FOLDER --characters FOLDER

EmoDB's folder has wav/ and silb/ (lines of start and syllable; `.` is the end and `(` a pause). The other has a rate.csv with columns
path and n_units (characters, which are syllables in Chinese) beside its recordings. The weights are fitted to EmoDB: models/syllables/fit.py --evaluate judges
them speakers apart. `error` is the mean of how far off each sentence is, `total` how far off all syllables together are.
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
import sounds

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models/syllables"))
from fit import timed


def emodb(folder):
    for path in sorted((folder / "wav").glob("*.wav")):
        labels = folder / "silb" / f"{path.stem}.silb"
        spans = timed(labels) if labels.exists() else []
        if spans:
            yield path, (len(spans), sum(end - start for start, end in spans))


def characters(folder):
    with open(folder / "rate.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            path = folder / row["path"]
            if row["unit"] == "chars" and path.exists():
                yield path, (float(row["n_units"]), None)


def report(name, copy, truth, answers):
    heard, expected, counted, spoken = [], [], [], []
    for path, (syllables, seconds) in truth.items():
        channel = answers[path]
        speech_s = sum(end_ms - start_ms for start_ms, end_ms in channel["speech"]) / 1000
        rate = channel["syllables_per_s"] or 0.0
        heard.append(rate)
        expected.append(syllables / (seconds or max(speech_s, 0.01)))
        counted.append(rate * speech_s)
        spoken.append(syllables)
    heard, expected = np.array(heard), np.array(expected)
    correlation = np.corrcoef(heard, expected)[0, 1]
    error = np.mean(np.abs(heard / expected - 1))
    total = sum(counted) / sum(spoken) - 1
    print(f"{name:<28} {copy:<24} {len(heard):>6} {correlation:>11.3f} {error:>7.1%} {total:>7.1%}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callsift", default="callsift")
    parser.add_argument("--emodb", default="", metavar="FOLDER")
    parser.add_argument("--characters", default="", metavar="FOLDER")
    parser.add_argument("--copy", action="append", metavar="NAME", help="first word of a copy's name; all without it")
    arguments = parser.parse_args()
    print(f"{'set':<28} {'copy':<24} {'clips':>6} {'correlation':>11} {'error':>7} {'total':>7}")
    for name, folder in sounds.corpora([f"emodb={arguments.emodb}", f"characters={arguments.characters}"]):
        truth = dict(emodb(folder) if name == "emodb" else characters(folder))
        clean = {path: sounds.read(path) for path in truth}
        for copy, make in sounds.copies(arguments.copy):
            answers = sounds.probe(arguments.callsift, {path: make(samples) for path, samples in clean.items()})
            report(name, copy, truth, answers)


if __name__ == "__main__":
    main()
