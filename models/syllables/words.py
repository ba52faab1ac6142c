"""Made-up words in six languages, spoken by espeak-ng, with the middle of each vowel. Needs libespeak-ng, numpy."""
import ctypes, ctypes.util
import numpy as np

RATE = 22050
LANGUAGES = ["de", "en-gb", "es", "fr", "it", "pt", "cmn-latn-pinyin", "cmn-latn-pinyin"]
VARIANTS = ["", "+m1", "+m2", "+m3", "+m4", "+m6", "+m7", "+f1", "+f2", "+f3", "+f4", "+f5", "+klatt2", "+klatt4",
            "+michael", "+linda", "+adam", "+steph", "+Andy", "+Annie"]

# Onsets, nuclei and codas that a syllable is spelled from.
GERMANIC = ("b d f g h k l m n p r s t v z sch st br tr fl gr kl pf", "a e i o u ä ö ü ei au ie a e i o u e", "- - - n r l s t m ng cht ck")
ROMANCE = ("b c d f g l m n p r s t v br tr pl", "a e i o u a e o ia io", "- - - n r s l")
# Pinyin: what may follow each initial.
PINYIN = {
    "b p m f": "a o ai ei ao an en ang eng i",
    "d t n l g k h": "a e ai ao ou an ang eng u uo",
    "j q x": "i ia ie iao iu ian in iang ing u ue uan un",
    "zh ch sh r z c s": "a e i ao ou an en ang eng u uo ui un",
}
# What names of vowels start with, diphthongs and syllabic ones too.
VOWELS = set("aAeEiIoOuUyYV0@&3WQ")


def drawn(rng, choices):
    return rng.choice(choices.split()).replace("-", "")


def word(rng, language):
    syllables = 1 + rng.integers(4)
    if language.startswith("cmn"):
        pairs = [(initial, finals) for initials, finals in PINYIN.items() for initial in initials.split()]
        chosen = [pairs[rng.integers(len(pairs))] for _ in range(min(syllables, 2))]
        return "".join(f"{initial}{drawn(rng, finals)}{rng.integers(1, 5)}" for initial, finals in chosen)
    parts = GERMANIC if language in ("de", "en-gb") else ROMANCE
    return "".join(drawn(rng, part) for _ in range(syllables) for part in parts)


class Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class Event(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("type", "uid", "position", "length", "audio_ms", "sample")]
    _fields_ += [("user", ctypes.c_void_p), ("id", Id)]


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
SYNCHRONOUS, PHONEMES, UTF8, PHONEME_EVENT, WORDS_A_MINUTE, PITCH, RANGE = 2, 1, 1, 7, 1, 3, 4


class Speaker:
    def __init__(self):
        name = ctypes.util.find_library("espeak-ng")
        if not name:
            raise SystemExit("libespeak-ng is not installed: `apt install libespeak-ng1`")
        self.library = ctypes.CDLL(name)
        self.library.espeak_Initialize(SYNCHRONOUS, 0, None, PHONEMES)
        self.samples, self.phonemes = [], []
        self.callback = CALLBACK(self.hear)
        self.library.espeak_SetSynthCallback(self.callback)

    def hear(self, samples, count, events):
        if samples and count > 0:
            self.samples.append(np.ctypeslib.as_array(samples, (count,)).copy())
        n = 0
        while events[n].type:
            if events[n].type == PHONEME_EVENT:
                self.phonemes.append((events[n].audio_ms / 1000, events[n].id.string.decode()))
            n += 1
        return 0

    def say(self, text, voice, words_a_minute, pitch, pitch_range):
        """Samples at RATE, and the start in seconds and the name of each phoneme."""
        self.samples, self.phonemes = [], []
        self.library.espeak_SetVoiceByName(voice.encode())
        for parameter, value in ((WORDS_A_MINUTE, words_a_minute), (PITCH, pitch), (RANGE, pitch_range)):
            self.library.espeak_SetParameter(parameter, int(value), 0)
        data = text.encode()
        self.library.espeak_Synth(data, len(data) + 1, 0, 1, 0, UTF8, None, None)
        return np.concatenate(self.samples or [np.zeros(0, np.int16)]) / 32768, self.phonemes


def said(rng, count):
    """Samples at RATE and the middles of vowels, seconds, of so many utterances of two to eight words."""
    speaker = Speaker()
    for n in range(count):
        language = LANGUAGES[n % len(LANGUAGES)]
        text = " ".join(word(rng, language) + ("," if rng.random() < 0.1 else "") for _ in range(rng.integers(2, 9)))
        voice = language + rng.choice(VARIANTS)
        samples, phonemes = speaker.say(text, voice, rng.integers(110, 330), rng.integers(20, 80), rng.integers(20, 90))
        spans = zip(phonemes, phonemes[1:])
        middles = [(start + end) / 2 for (start, name), (end, _) in spans if name[:1] in VOWELS]
        if len(middles) > 2:
            yield samples, np.array(middles)
