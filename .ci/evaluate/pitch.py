"""Pitch against Praat: prints a table, one line for each corpus and copy of it.

    pitch.py --callsift target/release/callsift --corpus emodb=FOLDER --corpus aishell=FOLDER

Every WAV below a folder is taken. Praat's to_pitch_ac (75 to 500 Hz, 10 ms) hears the clean sound at 8 kHz, callsift
every copy. `gross` is the share of frames that both call voiced whose pitch differs by more than 20 %, `semitones` the
median difference, `agree` the share of frames on whose voicing both agree.
"""

import argparse

import numpy as np
import parselmouth
import sounds


def praat(samples):
    """Pitch at the middle of each frame of 10 ms, 0 where unvoiced, -1 outside Praat's track."""
    pitch = parselmouth.Sound(samples, sounds.RATE_HZ).to_pitch_ac(time_step=0.01, pitch_floor=75, pitch_ceiling=500)
    middles = (np.arange(len(samples) // 80) + 0.5) * 0.01
    index = np.round((middles - pitch.xs()[0]) / 0.01).astype(int)
    inside = (index >= 0) & (index < len(pitch.xs()))
    found = np.full(len(middles), -1.0)
    found[inside] = pitch.selected_array["frequency"][index[inside]]
    return found


def compare(truth, answers):
    pairs = []
    for name, expected in truth.items():
        heard = np.array([frame["f0_hz"] for frame in answers[name]["frames"]])
        length = min(len(expected), len(heard))
        pair = np.stack([expected[:length], heard[:length]])
        pairs.append(pair[:, pair[0] >= 0])
    expected, heard = np.concatenate(pairs, axis=1)
    both = (expected > 0) & (heard > 0)
    ratio = heard[both] / expected[both]
    return (
        np.mean(np.abs(ratio - 1) > 0.2),
        np.median(np.abs(12 * np.log2(ratio))),
        np.mean((expected > 0) == (heard > 0)),
        np.mean((expected > 0) & (heard == 0)),
        np.mean((expected == 0) & (heard > 0)),
        len(expected),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callsift", default="callsift")
    parser.add_argument("--corpus", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--copy", action="append", metavar="NAME", help="first word of a copy's name; all without it")
    arguments = parser.parse_args()
    print(f"{'corpus':<16} {'copy':<24} {'frames':>8} {'gross':>7} {'semitones':>9} {'agree':>7} {'missed':>7} {'false':>7}")
    for corpus, folder in sounds.corpora(arguments.corpus):
        clean = {str(path): sounds.read(path) for path in sorted(folder.rglob("*.wav"))}
        clean = {name: samples for name, samples in clean.items() if len(samples) > 800}
        truth = {name: praat(samples) for name, samples in clean.items()}
        for copy, make in sounds.copies(arguments.copy):
            answers = sounds.probe(arguments.callsift, {name: make(samples) for name, samples in clean.items()})
            gross, semitones, agree, missed, false, frames = compare(truth, answers)
            print(f"{corpus:<16} {copy:<24} {frames:>8} {gross:>7.2%} {semitones:>9.3f} {agree:>7.2%} {missed:>7.2%} {false:>7.2%}", flush=True)


if __name__ == "__main__":
    main()
