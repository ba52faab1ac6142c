"""Recordings of one channel whose speech is known: sentences of EmoDB laid out among noises, the same for the same seed."""
import csv, functools, pathlib, subprocess, sys
from collections import defaultdict
import numpy as np
import soundfile as sf
from scipy.signal import butter, lfilter, resample_poly, sosfilt
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "anger"))
import copies
from copies import RATE

JOINED_S = 0.3  # pauses up to this are part of the speech around them


class Sentence:
    """Samples at 8 kHz from the first syllable to the last, and the seconds in which each syllable sounds."""

    def __init__(self, samples, syllables):
        self.samples = samples / (np.sqrt((samples ** 2).mean()) + 1e-9)
        self.syllables = syllables

    def varied(self, rng):
        """As somebody of another size says it, faster or slower; a few syllables of it alone at times."""
        up, down = 20, int(rng.integers(17, 24))
        samples = resample_poly(self.samples, down, up)
        syllables = [(a * down / up, b * down / up) for a, b in self.syllables]
        if rng.random() < 0.3:
            count = int(rng.integers(1, 5))
            first = int(rng.integers(max(1, len(syllables) - count + 1)))
            syllables = syllables[first:first + count]
            start, end = syllables[0][0], syllables[-1][1]
            samples = samples[int(start * RATE):int(end * RATE)].copy()
            fade = min(80, len(samples) // 4)
            samples[:fade] *= np.linspace(0, 1, fade)
            samples[len(samples) - fade:] *= np.linspace(1, 0, fade)
            syllables = [(a - start, b - start) for a, b in syllables]
        return samples, syllables


@functools.cache
def sentences(corpus):
    """EmoDB's sentences with hand-timed syllables, by speaker."""
    found = defaultdict(list)
    for row in csv.DictReader(open(corpus / "labels.csv")):
        path = corpus / row["path"]
        labels = corpus / "silb" / (path.stem + ".silb")
        if not labels.exists():
            continue
        lines = [line.split() for line in labels.read_text("latin-1").splitlines()]
        marks = [(float(line[0]), line[1]) for line in lines if len(line) > 1 and line[0][0].isdigit()]
        end = next((t for t, mark in marks if mark == "."), None)
        if end is None:
            continue
        start = marks[0][0]
        syllables = [(a - start, b - start) for (a, mark), (b, _) in zip(marks, marks[1:]) if not mark.startswith("(") and b <= end]
        samples = copies.to_telephone_rate(sf.read(path)[0])
        found[row["speaker"]].append(Sentence(samples[int(start * RATE):int(end * RATE)], syllables))
    return dict(found)


def joined(spans):
    out = []
    for a, b in spans:
        if out and a - out[-1][1] < JOINED_S:
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return out


def played(rng, hz, seconds, parts, decay):
    """A note: its harmonics, struck or held."""
    t = np.arange(int(seconds * RATE)) / RATE
    out = sum(level * np.sin(2 * np.pi * hz * (n + 1) * t + rng.uniform(0, 6.3)) for n, level in enumerate(parts) if hz * (n + 1) < 3800)
    fade = np.minimum(1, np.minimum(t / 0.008, (seconds - t) / 0.02))
    return out * np.exp(-t * decay) * fade


def music(rng, count):
    """Chords, a melody, a bass and drums, as a synthesiser plays them; any of them may be missing."""
    out = np.zeros(count + 4 * RATE)
    beat = rng.uniform(0.25, 0.7)
    scale = np.array([0, 2, 4, 5, 7, 9, 11]) if rng.random() < 0.6 else np.array([0, 2, 3, 5, 7, 8, 10])
    key = rng.uniform(90, 180)
    parts = [1 / (n + 1) ** rng.uniform(0.6, 2.5) for n in range(rng.integers(1, 10))]
    decay = rng.choice([0.0, 0.5, 2.0, 6.0])
    vibrato = rng.random() < 0.3
    voices = rng.random(4) < [0.8, 0.7, 0.5, 0.5]
    if not voices.any():
        voices[1] = True
    note = lambda step: key * 2 ** ((scale[step % 7] + 12 * (step // 7)) / 12)

    def put(at, sound, level):
        n = int(at * RATE)
        out[n:n + len(sound)] += level * sound[:max(0, len(out) - n)]

    at, step = 0.0, int(rng.integers(7, 14))
    while at < count / RATE:
        root = int(rng.integers(0, 7))
        if voices[0]:
            for third in (0, 2, 4):
                put(at, played(rng, note(7 + root + third), 4 * beat, parts, decay), 0.4)
        if voices[2]:
            put(at, played(rng, note(root), 2 * beat, [1, 0.5, 0.3], 1.0), 0.8)
        for quarter in range(4):
            here = at + quarter * beat
            if voices[1] and rng.random() < 0.8:
                step = int(np.clip(step + rng.integers(-3, 4), 5, 20))
                sound = played(rng, note(step), beat * rng.choice([0.5, 1, 1, 2]), parts, decay)
                if vibrato:
                    t = np.arange(len(sound)) / RATE
                    sound = np.interp(t + 0.0008 * np.sin(2 * np.pi * 5.5 * t), t, sound)
                put(here, sound, 0.9)
            if voices[3]:
                t = np.arange(int(0.15 * RATE)) / RATE
                hit = rng.standard_normal(len(t)) * np.exp(-t * 40) if quarter % 2 else np.sin(2 * np.pi * 70 * t) * np.exp(-t * 20)
                put(here, hit, 0.8)
        at += 4 * beat
    return out[:count]


def played_music(folder):
    """The music of all files under a folder, 8 kHz, a minute of each from its 10th second on."""
    found = []
    for path in sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix in (".ogg", ".mp3", ".flac", ".opus", ".wav")):
        how = ["ffmpeg", "-v", "error", "-ss", "10", "-t", "60", "-i", path, "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"]
        samples = np.frombuffer(subprocess.run(how, capture_output=True).stdout, "<i2")
        if len(samples) > 10 * RATE and samples.std() > 30:
            found.append(np.resize(samples, 60 * RATE))
    return np.array(found)


def some_music(rng, pieces, count):
    """Played or, at times and where there are no pieces, made up."""
    if not len(pieces) or rng.random() < 0.3:
        return music(rng, count)
    out = pieces[rng.integers(len(pieces))].astype(float)
    out = np.resize(np.roll(out, -rng.integers(len(out))), count)
    faster = int(rng.integers(17, 24))
    return np.resize(resample_poly(out, 20, faster), count)


def keys(rng, count):
    """Clicks of keys, knocks and rustles."""
    out = np.zeros(count)
    for at in rng.integers(0, max(count - RATE // 2, 1), max(1, int(count / RATE * rng.uniform(0.5, 6)))):
        length = int(rng.uniform(0.005, 0.12) * RATE)
        burst = rng.standard_normal(length) * np.exp(-np.arange(length) / (length / 4))
        low = rng.uniform(100, 1500)
        sos = butter(2, [low, min(low * rng.uniform(1.5, 6), 3900)], "band", fs=RATE, output="sos")
        out[at:at + length] += sosfilt(sos, burst) * 10 ** rng.uniform(-1, 0)
    return out


def breaths(rng, count):
    """Somebody breathes at the microphone."""
    out = np.zeros(count)
    for at in rng.integers(0, max(count - RATE, 1), max(1, int(count / RATE * rng.uniform(0.1, 0.5)))):
        length = int(rng.uniform(0.15, 0.7) * RATE)
        low = rng.uniform(300, 1200)
        sos = butter(2, [low, rng.uniform(low + 600, 3900)], "band", fs=RATE, output="sos")
        out[at:at + length] += sosfilt(sos, rng.standard_normal(length)) * np.hanning(length)
    return out


def hum(rng, count):
    """The mains, or a motor that wanders."""
    if rng.random() < 0.4:
        return motor(rng, count)
    t = np.arange(count) / RATE
    base = rng.choice([50, 60]) * rng.uniform(0.999, 1.001)
    return sum(rng.uniform(0, 1) / n * np.sin(2 * np.pi * base * n * t + rng.uniform(0, 6.3)) for n in range(1, 14))


def motor(rng, count):
    """A tone of few harmonics whose pitch and loudness wander."""
    knots = max(4, int(count / RATE * rng.uniform(0.5, 8)))
    at = np.linspace(0, count, knots)
    pitch = np.interp(np.arange(count), at, rng.uniform(80, 350) * np.exp(rng.normal(0, rng.uniform(0.01, 0.3), knots)))
    level_db = np.interp(np.arange(count), at, rng.normal(0, rng.uniform(0, 10), knots))
    phase = 2 * np.pi * np.cumsum(pitch / RATE)
    parts = rng.uniform(0, 1, int(rng.integers(1, 5)))
    return sum(part / (n + 1) * np.sin((n + 1) * phase) for n, part in enumerate(parts)) * 10 ** (level_db / 20)


def signals(rng, count):
    """Ringback, busy, keys, beeps, sirens and fax."""
    out = np.zeros(count)
    at = int(rng.uniform(0, 2) * RATE)
    on, off = rng.choice([(1.0, 4.0), (0.35, 0.35), (0.1, 0.1), (0.4, 0.2), (2.0, 4.0), (0.2, 5.0)])
    tones = [rng.choice([425, 440, 450, 480, 620, 697, 770, 852, 941, 1000, 1400, 2100])]
    if rng.random() < 0.5:
        tones.append(rng.choice([1209, 1336, 1477, 440, 480]))
    while at < count:
        t = np.arange(min(int(on * RATE), count - at)) / RATE
        sweep = rng.uniform(0, 0.3) * np.sin(2 * np.pi * rng.uniform(0.5, 3) * t) if rng.random() < 0.15 else 0
        out[at:at + len(t)] += sum(np.sin(2 * np.pi * hz * (t + sweep / 8)) for hz in tones)
        at += int((on + off) * RATE)
    return out


def swaying(rng, count):
    """Noise whose loudness and colour change: traffic, wind, a room full of people walking."""
    knots = max(4, int(count / RATE * rng.uniform(0.2, 4)))
    sway = np.interp(np.arange(count), np.linspace(0, count, knots), rng.normal(0, rng.uniform(1, 6), knots))
    return copies.filtered(rng, copies.coloured_noise(rng, count, rng.uniform(0, 2.5))) * 10 ** (sway / 20)


def engine(rng, count):
    """Combustion: pulses that wander in rate, through a filter."""
    rate = np.cumsum(rng.normal(0, 0.002, count // 80 + 2)).clip(-0.3, 0.3)
    hz = rng.uniform(20, 70) * np.interp(np.arange(count), np.arange(len(rate)) * 80, np.exp(rate))
    phase = np.cumsum(hz / RATE)
    pulses = np.diff(np.floor(phase), prepend=0) * rng.uniform(0.7, 1.3, count)
    return copies.filtered(rng, lfilter([1], [1, -rng.uniform(0.7, 0.95)], pulses)) + 0.02 * copies.coloured_noise(rng, count, 1.5)


def crowd(rng, voices, count):
    """Many people at once, played backwards: nobody that one could listen to."""
    out = np.zeros(count)
    pool = [sentence.samples for spoken in voices.values() for sentence in spoken]
    for _ in range(rng.integers(6, 16)):
        one = np.concatenate([pool[n] for n in rng.integers(0, len(pool), 4)])[::-1]
        out += np.roll(np.resize(one, count), rng.integers(count)) * 10 ** rng.uniform(-0.3, 0.3)
    return out


def hall(rng, sound):
    """A room, from a headset in an office to a telephone on a table of a meeting room."""
    decay_s = rng.uniform(0.1, 0.9)
    t = np.arange(int(decay_s * RATE)) / RATE
    tail = rng.standard_normal(len(t)) * 10 ** (-3 * t / decay_s)
    tail[:16] = 0
    tail *= 10 ** (-rng.uniform(-3, 14) / 20) / np.sqrt((tail ** 2).sum())
    return copies.reverberated(sound, tail)


def neighbour(rng, voices, count):
    """Somebody across the room or behind a wall, whom the microphone is not for."""
    spoken = voices[rng.choice(list(voices))]
    out = np.zeros(count)
    at = 0
    while at < count:
        one = spoken[rng.integers(len(spoken))].samples[:count - at]
        out[at:at + len(one)] = one
        at += len(one) + int(rng.exponential(1.5) * RATE)
    out = copies.filtered(rng, hall(rng, out))
    if rng.random() < 0.7:
        out = lfilter(*butter(int(rng.integers(1, 5)), rng.uniform(250, 1200), fs=RATE), out)
    return out


def rumble(rng, voices, count):
    """What moves under the voice: wind, steps, a desk that is knocked, a lorry, cloth on a microphone."""
    sway = np.zeros(count)
    for hz, spread_db in ((rng.uniform(0.1, 1), rng.uniform(0, 6)), (rng.uniform(1, 12), rng.uniform(0, 8))):
        knots = max(4, int(count / RATE * hz))
        sway += np.interp(np.arange(count), np.linspace(0, count, knots), rng.normal(0, spread_db, knots))
    sound = lfilter(*butter(int(rng.integers(1, 4)), rng.uniform(120, 700), fs=RATE), copies.coloured_noise(rng, count, rng.uniform(0, 2)))
    sound *= 10 ** (sway / 20)
    for at in rng.integers(0, max(count - RATE // 2, 1), int(count / RATE * rng.choice([0, 0.3, 2]))):
        t = np.arange(int(rng.uniform(0.03, 0.4) * RATE)) / RATE
        knock = np.sin(2 * np.pi * rng.uniform(60, 350) * t + rng.uniform(0, 6.3)) + 0.5 * rng.standard_normal(len(t))
        sound[at:at + len(t)] += rng.uniform(1, 8) * sound.std() * knock * np.exp(-t * rng.uniform(8, 40))
    return sound


STEADY = {
    "hiss": lambda rng, voices, count: copies.filtered(rng, copies.coloured_noise(rng, count, rng.uniform(0, 2.5))),
    "sway": lambda rng, voices, count: swaying(rng, count),
    "hum": lambda rng, voices, count: hum(rng, count),
    "engine": lambda rng, voices, count: engine(rng, count),
    "crowd": crowd,
    "rumble": rumble,
}
EVENTS = {
    "keys": lambda rng, voices, count: keys(rng, count),
    "breaths": lambda rng, voices, count: breaths(rng, count),
    "signals": lambda rng, voices, count: signals(rng, count),
    "neighbour": neighbour,
    "rumble": rumble,
    "motor": lambda rng, voices, count: motor(rng, count),
    "bursts": lambda rng, voices, count: swaying(rng, count),
}


def gated(rng, sound):
    """As a line that sends nothing while it is soft: what is under a threshold, and no longer over it, is silent."""
    pieces = np.abs(sound[:len(sound) // 80 * 80]).reshape(-1, 80).max(1)
    threshold = np.quantile(pieces, 0.98) * 10 ** (-rng.uniform(15, 40) / 20)
    held = int(rng.uniform(5, 50))
    is_open = np.convolve(pieces > threshold, np.ones(held), "full")[:len(pieces)] > 0
    gate = np.repeat(is_open.astype(float), 80)
    return sound * np.pad(np.convolve(gate, np.ones(40) / 40, "same"), (0, len(sound) - len(gate)), "edge")


class Scene:
    """Samples at 8 kHz, true spans of speech in seconds, and the kinds of noise in it."""

    def __init__(self, rng, voices, pieces, seconds):
        count = int(seconds * RATE)
        out, spoken = np.zeros(count), []
        speakers = rng.choice(list(voices), min(len(voices), int(rng.integers(1, 5))), replace=False)
        loudness = {speaker: rng.uniform(-14, 0) for speaker in speakers}
        on_hold = rng.random() < 0.35
        spacious = rng.choice([1.2, 4.0, 15.0, 60.0] if on_hold else [0.1, 0.4, 1.2, 4.0, 15.0, 60.0])
        at = rng.exponential(spacious)
        free = [(0.0, min(at, seconds))]
        while True:
            speaker = rng.choice(speakers)
            samples, syllables = voices[speaker][rng.integers(len(voices[speaker]))].varied(rng)
            n = int(at * RATE)
            if n + len(samples) >= count:
                break
            out[n:n + len(samples)] += samples * 10 ** ((loudness[speaker] + rng.normal(0, 2)) / 20)
            spoken += [(at + a, at + b) for a, b in syllables]
            after = at + len(samples) / RATE
            at = after + 0.15 + rng.exponential(spacious)
            free.append((after, min(at, seconds)))
        self.spans = joined(spoken)
        if rng.random() < 0.6:
            out = hall(rng, out)
        kinds = []
        if rng.random() < 0.85:
            kind = rng.choice(list(STEADY), p=[0.3, 0.12, 0.2, 0.08, 0.1, 0.2])
            quietest = 12 if kind == "crowd" else 0
            out = self.added(out, STEADY[kind](rng, voices, count), rng.uniform(quietest, 40))
            kinds.append(kind)
        events = list(rng.choice(list(EVENTS), rng.choice([0, 1, 2, 3], p=[0.3, 0.35, 0.2, 0.15]), replace=False))
        for kind in events:
            noise = EVENTS[kind](rng, voices, count)
            if kind in ("signals", "bursts") and rng.random() < 0.8:
                noise = self.between(rng, noise, free)
            out = self.added(out, noise, rng.uniform(22 if kind == "neighbour" else -5, 45))
            kinds.append(kind)
        if on_hold:
            noise = some_music(rng, pieces, count)
            if rng.random() < 0.8:
                out = self.added(out, self.between(rng, noise, free), rng.uniform(-10, 20))
            else:
                out = self.added(out, noise, rng.uniform(8, 40))
            kinds.append("music")
        if rng.random() < 0.7:
            out = copies.filtered(rng, out)
        if rng.random() < 0.2:
            out = gated(rng, out)
            kinds.append("gated")
        self.kinds = kinds
        self.samples = copies.levelled(out, 10 ** rng.uniform(-2.5, -0.05)) + 1e-5 * rng.standard_normal(count) * (rng.random() < 0.7)

    def added(self, out, noise, snr_db):
        if not self.spans:
            return out + noise * 0.1 / (noise.std() + 1e-9)
        power = np.mean(np.concatenate([out[int(a * RATE):int(b * RATE)] for a, b in self.spans]) ** 2)
        loud = np.sort((noise[:len(noise) // 800 * 800].reshape(-1, 800) ** 2).mean(1))[-len(noise) // 3200:].mean()
        return out + noise * np.sqrt(power / 10 ** (snr_db / 10) / (loud + 1e-12))

    @staticmethod
    def between(rng, noise, free):
        """The noise where nobody speaks for a while, and not else."""
        gate = np.zeros(len(noise))
        for a, b in free:
            if b - a > 0.8 and rng.random() < 0.8:
                gate[int((a + 0.2) * RATE):int((b - 0.1) * RATE)] = 1
        return noise * np.convolve(gate, np.hanning(160) / 80, "same")


def truth(spans, frames):
    """Whether the middle of each frame of 10 ms is speech."""
    middles = (np.arange(frames) + 0.5) * 0.01
    out = np.zeros(frames, bool)
    for a, b in spans:
        out |= (middles >= a) & (middles < b)
    return out


def figures(likely, truth):
    """Area under the ROC curve, false alarms where 0.95 of the speech is kept, recall and false alarms at one half."""
    from sklearn.metrics import roc_auc_score
    threshold = np.quantile(likely[truth], 0.05)
    return roc_auc_score(truth, likely), (likely[~truth] >= threshold).mean(), (likely[truth] >= 0.5).mean(), (likely[~truth] >= 0.5).mean()


# What a recorder does to it; several do nothing.
CODECS = [None, None, None, copies.GSM, copies.MP3, copies.OPUS, "mu-law", "mu-law"]


def coded(rng, scene):
    codec = CODECS[rng.integers(len(CODECS))]
    if codec is None:
        return scene.samples
    return copies.mu_law(scene.samples) if codec == "mu-law" else copies.through(codec, [scene.samples])[0]
