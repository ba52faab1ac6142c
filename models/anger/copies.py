"""Copies of EmoDB sentences as telephones and recorders would bring them, the same for the same seed."""
import csv, pathlib, subprocess, tempfile
from math import gcd
import numpy as np
import soundfile as sf
from scipy.signal import butter, resample_poly, sosfiltfilt

RATE = 8000
BAND = butter(4, [300 / 4000, 3400 / 4000], "band", output="sos")
GAP = np.zeros(RATE // 2, np.float32)


def labels(corpus):
    return list(csv.DictReader(open(corpus / "labels.csv")))


def originals(corpus, rows):
    """The sentences as they were recorded, 16 kHz."""
    return [sf.read(corpus / row["path"], dtype="float64")[0] for row in rows]


def mu_law(x):
    coded = np.round(np.sign(x) * np.log1p(255 * np.minimum(np.abs(x), 1)) / np.log1p(255) * 127) / 127
    return (np.sign(coded) * (256 ** np.abs(coded) - 1) / 255).astype(np.float32)


def levelled(x, peak=0.5):
    return x / (np.abs(x).max() + 1e-9) * peak


def to_telephone_rate(x, rate=16000):
    step = gcd(rate, RATE)
    return resample_poly(x, RATE // step, rate // step)


def telephone(x):
    """As anger_egemaps.py makes them: 300 to 3,400 Hz, a peak of 0.5, mu-law."""
    return mu_law(levelled(sosfiltfilt(BAND, to_telephone_rate(x))))


def through(codec, sounds):
    """The sounds through an encoder and back, all in one file with gaps."""
    joined = np.concatenate([part for sound in sounds for part in (GAP, sound)] + [GAP])
    with tempfile.TemporaryDirectory() as folder:
        before, coded, after = (f"{folder}/{name}" for name in ("in.wav", "coded" + codec[0], "out.wav"))
        sf.write(before, joined, RATE, subtype="PCM_16")
        quiet = ["ffmpeg", "-v", "error", "-y"]
        subprocess.run([*quiet, "-i", before, *codec[1:], coded], check=True)
        subprocess.run([*quiet, "-i", coded, "-ar", str(RATE), "-ac", "1", after], check=True)
        decoded = sf.read(after, dtype="float32")[0]
    decoded = np.pad(decoded, (0, max(0, len(joined) - len(decoded))))
    parts, at = [], 0
    for sound in sounds:
        at += len(GAP)
        parts.append(decoded[at:at + len(sound)])
        at += len(sound)
    return parts


MP3 = (".mp3", "-c:a", "libmp3lame", "-b:a", "16k")
MP3_8 = (".mp3", "-c:a", "libmp3lame", "-b:a", "8k")
GSM = (".gsm", "-c:a", "libgsm")
OPUS = (".opus", "-c:a", "libopus", "-b:a", "8k")
SPEEX = (".spx", "-c:a", "libspeex", "-b:a", "8k")
G723 = (".wav", "-c:a", "g723_1", "-b:a", "6300")


def coloured_noise(rng, count, power):
    """Noise whose power falls as frequency to the `power`: 0 white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hz = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 50)
    return np.fft.irfft(spectrum * hz ** (-power / 2), count)


def babble(rng, sounds, count):
    out = np.zeros(count)
    for n in rng.integers(0, len(sounds), 6):
        other = np.asarray(sounds[n], np.float64)
        out += np.roll(np.resize(other / (other.std() + 1e-9), count), rng.integers(count))
    return out


def active_power(x):
    """Mean square of the louder half of 20 ms pieces."""
    pieces = x[:len(x) // 160 * 160].reshape(-1, 160)
    powers = np.sort((pieces ** 2).mean(1))
    return powers[len(powers) // 2:].mean() + 1e-12


def with_noise(x, noise, snr_db):
    return x + noise * np.sqrt(active_power(x) / 10 ** (snr_db / 10) / (np.mean(noise ** 2) + 1e-12))


def filtered(rng, x):
    """A microphone, a handset and a line of its own: a tilt, broad bumps, a low and a high cut."""
    spectrum = np.fft.rfft(x)
    hz = np.fft.rfftfreq(len(x), 1 / RATE)
    octaves = np.log2(np.maximum(hz, 50) / 1000)
    gain_db = rng.uniform(-4, 4) * octaves
    for _ in range(3):
        gain_db += rng.uniform(-5, 5) * np.exp(-0.5 * ((octaves - rng.uniform(-2, 2)) / rng.uniform(0.25, 0.8)) ** 2)
    low, high = rng.uniform(80, 350), rng.uniform(2900, 3900)
    response = 10 ** (gain_db / 20) / np.sqrt(1 + (low / np.maximum(hz, 1)) ** 8) / np.sqrt(1 + (hz / high) ** 24)
    return np.fft.irfft(spectrum * response, len(x))


def room(rng, x):
    """A small room: decaying noise after the direct sound."""
    decay_s = rng.uniform(0.1, 0.45)
    t = np.arange(int(decay_s * RATE)) / RATE
    tail = rng.standard_normal(len(t)) * 10 ** (-3 * t / decay_s)
    tail *= 10 ** (-rng.uniform(3, 14) / 20) / np.sqrt((tail ** 2).sum())
    tail[:16] = 0
    return reverberated(x, tail)


def reverberated(x, tail):
    """The sound with its echoes: `tail` but for its first sample, which stands for the direct sound."""
    tail[0] = 1
    size = 1 << (len(x) + len(tail)).bit_length()
    return np.fft.irfft(np.fft.rfft(x, size) * np.fft.rfft(tail, size), size)[:len(x)]


def judging(sentences):
    """What makes the copies that judge, by name; `sentences` at 16 kHz."""
    made = []

    def plain():
        if not made:
            made.extend(telephone(x) for x in sentences)
        return made

    def noisy(kind):
        rng = np.random.default_rng(1 + kind)
        noise = lambda n: babble(rng, plain(), n) if kind == 3 else coloured_noise(rng, n, kind)
        return [mu_law(levelled(with_noise(x.astype(float), noise(len(x)), 10))) for x in plain()]

    def hard():
        rng = np.random.default_rng(1)
        return through(OPUS, [levelled(filtered(rng, room(rng, to_telephone_rate(x)))) for x in sentences])

    return {
        "plain": plain,
        "mp3 16 kb/s": lambda: through(MP3, plain()),
        "gsm": lambda: through(GSM, plain()),
        "white noise 10 dB": lambda: noisy(0),
        "pink noise 10 dB": lambda: noisy(1),
        "babble 10 dB": lambda: noisy(3),
        "gain +12 dB, clipped": lambda: [mu_law(x * 10 ** 0.6) for x in plain()],
        "gain -12 dB": lambda: [mu_law(x * 10 ** -0.6) for x in plain()],
        "room, filter, opus 8 kb/s": hard,
        "first 1.2 s": lambda: [x[:int(1.2 * RATE)] for x in plain()],
    }


def fitting(sentences, rng):
    """One more copy of each sentence for the fit: its own speed, room, filter, noise, level, codec and piece."""
    clean = [to_telephone_rate(x) for x in sentences[::20]]
    sounds = []
    for x in sentences:
        y = resample_poly(x, 10, rng.integers(17, 24))
        if rng.random() < 0.35:
            y = room(rng, y)
        if rng.random() < 0.8:
            y = filtered(rng, y)
        if rng.random() < 0.6:
            snr_db, kind = rng.uniform(5, 30), rng.integers(4)
            y = with_noise(y, babble(rng, clean, len(y)) if kind == 3 else coloured_noise(rng, len(y), kind), snr_db)
        if rng.random() < 0.5:
            length = int(rng.uniform(1.0, 3.0) * RATE)
            start = rng.integers(max(1, len(y) - length + 1))
            y = y[start:start + length]
        peak = rng.uniform(1.2, 3) if rng.random() < 0.15 else 10 ** rng.uniform(-1.5, -0.05)
        sounds.append(mu_law(levelled(y, peak)))
    out = list(sounds)
    for codec, numbers in zip((MP3, GSM, SPEEX, G723, MP3_8), np.array_split(rng.permutation(len(sounds))[:len(sounds) // 2], 5)):
        for n, sound in zip(numbers, through(codec, [sounds[n] for n in numbers])):
            out[n] = sound
    return out
