#!/usr/bin/env python3
"""A speech engine for `callsift --command`: PocketSphinx with a small language model, on a mono WAV of 16-bit PCM.

    sphinx.py --model DIR --dictionary FILE --language-model FILE --language TAG WAV

Prints a transcript in callsift's own format. Each stretch between pauses is heard alone.
"""
import argparse, json, wave

from pocketsphinx import Decoder, Endpointer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("model", "dictionary", "language-model", "language"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("wav")
    args = parser.parse_args()
    with wave.open(args.wav) as file:
        rate, sound = file.getframerate(), file.readframes(file.getnframes())
    decoder = Decoder(hmm=args.model, dict=args.dictionary, lm=args.language_model, samprate=rate, loglevel="FATAL")
    segments = [heard(decoder, start_ms, piece) for start_ms, piece in stretches(sound, rate)]
    print(json.dumps({"format": "callsift/transcript", "version": 1, "language": args.language,
                      "segments": [segment for segment in segments if segment["text"]]}, ensure_ascii=False))


def stretches(sound, rate):
    """(start ms, samples) of each stretch of speech."""
    endpointer, at, piece = Endpointer(window=0.3, sample_rate=rate), 0, b""
    size = endpointer.frame_bytes
    for offset in range(0, len(sound), size):
        frame = sound[offset: offset + size]
        speech = endpointer.process(frame) if len(frame) == size else endpointer.end_stream(frame)
        if speech is not None:
            piece += speech
            if not endpointer.in_speech:
                yield round(endpointer.speech_start * 1000), piece
                piece = b""
    if piece:
        yield round(endpointer.speech_start * 1000), piece


def heard(decoder, start_ms, piece):
    decoder.start_utt()
    decoder.process_raw(piece, full_utt=True)
    decoder.end_utt()
    per_ms = 1000 / decoder.config["frate"]
    words = [{"text": seg.word.split("(")[0], "start_ms": start_ms + round(seg.start_frame * per_ms),
              "end_ms": start_ms + round((seg.end_frame + 1) * per_ms)}
             for seg in (decoder.seg() or []) if seg.word[0] not in "<[+"]
    han = any("\u4e00" <= c <= "\u9fff" for word in words for c in word["text"])
    return {"role": "unknown", "start_ms": words[0]["start_ms"] if words else start_ms,
            "end_ms": words[-1]["end_ms"] if words else start_ms,
            "text": ("" if han else " ").join(word["text"] for word in words), "words": words}


if __name__ == "__main__":
    main()
