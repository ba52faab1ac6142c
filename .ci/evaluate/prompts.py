#!/usr/bin/env python3
"""Voice activity on voices and hold music that no model was fitted to: Debian's prompts and music for Asterisk.

    prompts.py PROGRAM [--folder FOLDER]

Prompts in English, French, Italian, Russian and Spanish, six voices, are laid out in 160 recordings of 40 s, in noise of 5 to 30 dB, babble, or
with hold music where nobody speaks; a frame is speech where its prompt is over -35 dB of its loud parts, and in pauses under
0.3 s between. Nothing was fitted to them, but the design of the net was chosen by them, so they are no judge. Prints a table beside Silero, and how much of the music alone is taken for speech. FOLDER holds the packages' files;
without it they are fetched with apt-get, and skipped where they cannot be.
Needs numpy, scipy, soundfile, scikit-learn, ffmpeg.
"""
import argparse, pathlib, subprocess, sys, tempfile
import numpy as np
import soundfile as sf
from scipy.signal import resample_poly
here = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parents[1] / "models/activity"), str(here.parents[1] / "models/anger")]
import activity, copies, scenes

RATE, LENGTH_S = 8000, 40
PACKAGES = [f"asterisk-core-sounds-{language}-wav" for language in ("en", "es", "fr", "it", "ru")] + ["asterisk-prompt-it-menardi-wav", "asterisk-moh-opsound-wav"]
VOICES = ["en_US_f_Allison", "fr_CA_f_June", "ru_RU_f_IvrvoiceRU", "it_IT_m_Carlo", "it_IT_f_Menardi", "es_MX_f_Allison"]


def fetched(folder):
    done = subprocess.run(["apt-get", "download", "-q", *PACKAGES], cwd=folder, capture_output=True)
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
    return done.returncode == 0


def read(path):
    samples, rate = sf.read(path, always_2d=True)
    samples = samples.mean(1)
    return resample_poly(samples, RATE, rate) if rate != RATE else samples


def spoken(samples):
    """Spans that sound, in seconds."""
    frames = samples[:len(samples) // 80 * 80].reshape(-1, 80)
    level_db = 10 * np.log10((frames ** 2).mean(1) + 1e-12)
    sounds = level_db > max(np.quantile(level_db, 0.95) - 35, -65)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], sounds, [False]]).astype(int)))
    return scenes.joined([(a / 100, b / 100) for a, b in edges.reshape(-1, 2) if b - a >= 3])


def prompts(folder):
    """By voice, prompts of 0.8 to 8 s: samples of one power from the first sound to the last, and their spans."""
    voices = {}
    for name in VOICES:
        voices[name] = []
        for path in sorted(folder.rglob(f"{name}/*.wav")):
            samples = read(path)
            spans = spoken(samples) if 0.8 * RATE <= len(samples) <= 8 * RATE else []
            if spans:
                start, end = spans[0][0], spans[-1][1]
                cut = samples[int(start * RATE):int(end * RATE)]
                voices[name].append((cut / np.sqrt((cut ** 2).mean() + 1e-12), [(a - start, b - start) for a, b in spans]))
    return {name: found for name, found in voices.items() if found}


def laid_out(rng, voices, music):
    """A recording, its spans of speech, and the kind of noise in it."""
    out, spans, free, last = np.zeros(LENGTH_S * RATE), [], [], 0.0
    voice = voices[rng.choice(list(voices))]
    pause_s = rng.choice([0.6, 1.5, 5.0])
    at = rng.exponential(pause_s)
    while True:
        samples, said = voice[rng.integers(len(voice))]
        n = int(at * RATE)
        if n + len(samples) >= len(out):
            break
        out[n:n + len(samples)] += samples * 10 ** (rng.normal(0, 2) / 20)
        spans += [(at + a, at + b) for a, b in said]
        free.append((last, at))
        last = at + len(samples) / RATE
        at = last + 0.3 + rng.exponential(pause_s)
    free.append((last, LENGTH_S))
    kind = rng.choice(["clean", "white", "pink", "brown", "babble", "hold music", "hold music"])
    noise, snr_db = np.zeros(len(out)), rng.uniform(5, 30)
    if kind == "hold music":
        piece, snr_db = music[rng.integers(len(music))], rng.uniform(-3, 20)
        gate = np.zeros(len(out))
        for a, b in free:
            if b - a > 1:
                gate[int((a + 0.15) * RATE):int((b - 0.1) * RATE)] = 1
        piece = np.resize(piece[rng.integers(max(1, len(piece) - len(out))):], len(out))
        noise = piece / piece.std() * np.convolve(gate, np.hanning(160) / 80, "same")
    elif kind == "babble":
        snr_db, pool = rng.uniform(12, 30), [samples for voice in voices.values() for samples, _ in voice]
        for _ in range(8):
            other = np.concatenate([pool[n] for n in rng.integers(0, len(pool), 10)])[::-1]
            noise += np.roll(np.resize(other, len(out)), rng.integers(len(out)))
        noise /= noise.std()
    elif kind != "clean":
        noise = copies.coloured_noise(rng, len(out), {"white": 0, "pink": 1, "brown": 2}[kind])
        noise /= noise.std()
    power = np.mean(out[out != 0] ** 2) if spans else 1.0
    out = copies.levelled(out + noise * np.sqrt(power / 10 ** (snr_db / 10)), 10 ** rng.uniform(-1.5, -0.1))
    codec = rng.choice(["none", "mu-law", "gsm"])
    if codec != "none":
        out = copies.mu_law(out) if codec == "mu-law" else copies.through(copies.GSM, [out])[0]
    return np.clip(out, -1, 32767 / 32768), scenes.joined(spans), kind


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--folder", type=pathlib.Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = args.folder or pathlib.Path(work)
        if not args.folder and not fetched(folder):
            print("SKIPPED: Debian's sounds for Asterisk are not to be had")
            return
        voices = prompts(folder)
        music = [read(path) for path in sorted(folder.rglob("moh/**/*.wav"))]
        detectors = {"callsift": activity.Callsift(args.program)}
        try:
            detectors["Silero"] = activity.Silero()
        except (ImportError, AttributeError) as missing:
            print(f"skipped: Silero: {missing}")
        made = [laid_out(np.random.default_rng([7, n]), voices, music) for n in range(160)]
    print("| detector | recordings with | number | AUC | false alarms at recall 0.95 | recall | false alarms |\n|" + " --- |" * 7)
    for name, detector in detectors.items():
        heard = [(detector(samples), scenes.truth(spans, len(samples) // 80), kind) for samples, spans, kind in made]
        for wanted in ["all", *sorted({kind for *_, kind in heard})]:
            chosen = [(likely[:len(truth)], truth) for likely, truth, kind in heard if wanted in ("all", kind)]
            found = scenes.figures(*(np.concatenate(part) for part in zip(*chosen)))
            print(f"| {name} | {wanted} | {len(chosen)} | " + " | ".join(f"{figure:.3f}" for figure in found) + " |", flush=True)
        shares = [(detector(piece) >= 0.5).mean() for piece in music]
        print(f"{name}: of {len(music)} pieces of hold music alone, taken for speech: " + ", ".join(f"{share:.1%}" for share in shares))


if __name__ == "__main__":
    main()
