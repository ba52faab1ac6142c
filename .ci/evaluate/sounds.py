"""What the evaluations of pitch and rate share: corpora, copies as telephones make them, callsift's answers."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import scipy.signal
import soundfile

RATE_HZ = 8000
RAW = ["-t", "raw", "-r", str(RATE_HZ), "-e", "signed", "-b", "16", "-c", "1"]


def read(path):
    """The first channel at 8 kHz, full scale 1."""
    samples, rate_hz = soundfile.read(path, always_2d=True)
    samples = samples[:, 0]
    return scipy.signal.resample_poly(samples, RATE_HZ, rate_hz) if rate_hz != RATE_HZ else samples


def through(commands, samples):
    """Samples after programs have written and read them; each command has {0} for what it reads, {1} for what it writes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "0.raw")
        to_int16(samples).tofile(file)
        for step, (suffix, command) in enumerate(commands, 1):
            made = Path(folder, f"{step}.{suffix}")
            subprocess.run([part.format(file, made) for part in command], check=True, capture_output=True)
            file = made
        return aligned(np.fromfile(file, "<i2") / 32768, samples)


def to_int16(samples):
    return np.clip(np.round(samples * 32768), -32768, 32767).astype("<i2")


def aligned(late, samples):
    """A copy without its codec's delay, as long as the original."""
    lag = int(np.argmax(scipy.signal.correlate(late, samples, method="fft")) - len(samples) + 1)
    late = late[lag:] if lag >= 0 else np.concatenate([np.zeros(-lag), late])
    return np.concatenate([late, np.zeros(len(samples))])[: len(samples)]


def telephone(samples):
    band = scipy.signal.butter(4, [300, 3400], "bandpass", fs=RATE_HZ, output="sos")
    return aligned(scipy.signal.sosfilt(band, samples), samples)


def mulaw(samples):
    magnitude = np.log1p(255 * np.minimum(np.abs(samples), 1)) / np.log(256)
    coded = np.round(magnitude * 127) / 127
    return np.sign(samples) * (256**coded - 1) / 255


def noisy(snr_db):
    def add(samples):
        noise = np.random.default_rng(len(samples)).normal(size=len(samples))
        return samples + noise * np.sqrt(np.mean(samples**2)) * 10 ** (-snr_db / 20)

    return add


GSM = [("gsm", ["sox", *RAW, "{0}", "{1}"]), ("raw", ["sox", "{0}", *RAW, "{1}"])]
MP3 = [
    ("mp3", ["lame", "--quiet", "-r", "-s", "8", "--bitwidth", "16", "-m", "m", "-b", "16", "{0}", "{1}"]),
    ("raw", ["ffmpeg", "-v", "error", "-i", "{0}", "-f", "s16le", "-ar", str(RATE_HZ), "-ac", "1", "{1}"]),
]

# Name, programs it needs, what it does to samples.
COPIES = [
    ("clean", [], lambda samples: samples),
    ("mu-law", [], mulaw),
    ("telephone band, mu-law", [], lambda samples: mulaw(telephone(samples))),
    ("gsm", ["sox"], lambda samples: through(GSM, samples)),
    ("mp3 16 kb/s", ["lame", "ffmpeg"], lambda samples: through(MP3, samples)),
    ("noise 20 dB", [], noisy(20)),
    ("noise 10 dB", [], noisy(10)),
]


def copies(names):
    """The copies that can be made here; the others are skipped aloud."""
    for name, programs, make in COPIES:
        missing = [program for program in programs if not shutil.which(program)]
        if missing:
            print(f"skipped: {name}, for want of {', '.join(missing)}", file=sys.stderr)
        elif not names or name.split()[0] in names:
            yield name, make


def probe(callsift, sounds):
    """What callsift says of each sound, with its frames; sounds are arrays by name."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for n, (name, samples) in enumerate(sounds.items()):
            paths[name] = str(Path(folder, f"{n}.wav"))
            soundfile.write(paths[name], to_int16(samples), RATE_HZ)
        answers = {}
        names = list(paths)
        for start in range(0, len(names), 200):
            some = names[start : start + 200]
            output = subprocess.run([callsift, "probe", "--frames", *(paths[name] for name in some)], check=True, capture_output=True, text=True)
            for name, line in zip(some, output.stdout.splitlines(), strict=True):
                answers[name] = json.loads(line)["channels"][0]
        return answers


def corpora(arguments):
    """Folders given as NAME=FOLDER; those that are missing are skipped aloud."""
    for argument in arguments:
        name, _, folder = argument.partition("=")
        if Path(folder).is_dir():
            yield name, Path(folder)
        else:
            print(f"skipped: {name}, for want of {folder}", file=sys.stderr)
