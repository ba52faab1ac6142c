#!/usr/bin/env python3
"""What measuring costs: CPU seconds, shares of stages and memory of `callsift probe`, beside other tools on the same call.

    speed.py --callsift PROGRAM --emodb FOLDER [--minutes N] [--rounds N] [--stages PROGRAM]

The call is laid out from EmoDB's sentences at 8 kHz, two channels of 16 bits, each speaking a little under half of the time.
Every figure is the call's length over the CPU seconds of a whole process, start included, the median of some rounds; the tools
that hear one channel hear both, one after the other. `--stages` is the same program with lines of source (built with
`--config 'profile.release.package.callsift.debug="line-tables-only"'`): callgrind counts its instructions by file, which tells the
stages apart. Peers that are not installed are skipped and said so: webrtcvad-wheels, silero-vad with onnxruntime,
the crate earshot, praat-parselmouth, librosa, opensmile.
"""
import argparse, csv, hashlib, json, pathlib, re, statistics, subprocess, sys, tempfile, time
from collections import defaultdict
import numpy as np
import soundfile as sf
from scipy.signal import resample_poly

RATE = 8000

# Source files and functions by stage, as the budget groups them; what of the standard library is inlined counts for the function
# that it is in. Activity and syllables share one kind of net, which stands alone. The hash is told apart, since callgrind's processor lacks the instructions that others have for it.
STAGES = {
    "hash": ("sha2", "compress256"),
    "spectra": ("acoustics/fft.rs", "acoustics/spectrum.rs", "acoustics::fft", "acoustics::spectrum"),
    "pitch": ("acoustics/pitch.rs", "acoustics::pitch"),
    "anger": ("acoustics/anger/", "acoustics::anger"),
    "syllables and sums": ("acoustics/syllables", "acoustics/summary.rs", "acoustics::syllables", "acoustics::summary"),
    "nets of activity and syllables": ("acoustics/net.rs", "acoustics::net"),
    "levels and activity": ("/acoustics/", "acoustics::activity", "acoustics::measurer", "acoustics::leak", "acoustics::stretches"),
    "each frame, in common": ("acoustics::dispatch",),
    "decode": ("/audio/", "callsift::audio", "callsift::batch", "symphonia"),
}

PEERS = {
    "WebRTC, mode 3": "import webrtcvad; v = webrtcvad.Vad(3); [v.is_speech(b[n:n + 480], 8000) for b in pcm for n in range(0, len(b) - 479, 480)]",
    "Silero": "import sys; sys.path.insert(0, here); import activity; s = activity.Silero(); [s(x) for x in floats]",
    "Praat, pitch": "import parselmouth; [parselmouth.Sound(x, 8000).to_pitch_ac() for x in floats]",
    "librosa yin, pitch": "import librosa; [librosa.yin(x.astype('f4'), fmin=75, fmax=500, sr=8000, frame_length=512, hop_length=80) for x in floats]",
    "numpy, 512-point autocorrelation": "[np.fft.irfft(np.abs(np.fft.rfft(np.lib.stride_tricks.sliding_window_view(x.astype('f4'), 320)[::80], 512)) ** 2) for x in floats]",
    "openSMILE eGeMAPS": "import opensmile; s = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals); [s.process_signal(x, 8000) for x in floats]",
}

PEER = """
import numpy as np, soundfile as sf
x, _ = sf.read({path!r}, dtype="int16")
pcm = [x[:, n].tobytes() for n in (0, 1)]
floats = [x[:, n].astype(float) / 32768 for n in (0, 1)]
here = {here!r}
{work}
"""


def laid_out(folder, minutes):
    """Samples of two channels: speakers in turn, seconds of pause between them."""
    rng = np.random.default_rng(3)
    paths = [folder / row["path"] for row in csv.DictReader(open(folder / "labels.csv"))]
    out = np.zeros((int(minutes * 60 * RATE), 2))
    at, side = RATE, 0
    while True:
        sound = resample_poly(sf.read(paths[rng.integers(len(paths))])[0], 1, 2)
        if at + len(sound) > len(out):
            break
        out[at:at + len(sound), side] += 0.4 * sound / np.abs(sound).max()
        at += len(sound) + int(rng.uniform(0.0, 0.5) * RATE)
        side = 1 - side if rng.random() < 0.5 else side
    return out + 0.0005 * rng.standard_normal(out.shape)


def cpu_s(command):
    """CPU seconds of a command and its children, and its peak memory in MB."""
    script = "import resource, subprocess, sys, json; c = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode; " \
             "u = resource.getrusage(resource.RUSAGE_CHILDREN); print(json.dumps([c, u.ru_utime + u.ru_stime, u.ru_maxrss / 1024]))"
    done = subprocess.run([sys.executable, "-c", script, *map(str, command)], capture_output=True, text=True)
    code, seconds, peak_mb = json.loads(done.stdout)
    return (seconds, peak_mb) if code == 0 else None


def median(command, rounds, start_s=0.0):
    runs = [cpu_s(command) for _ in range(rounds)]
    if None in runs:
        return None
    return statistics.median(seconds for seconds, _ in runs) - start_s


def hashed_s(path):
    data, start = pathlib.Path(path).read_bytes(), time.process_time()
    for _ in range(10):
        hashlib.sha256(data).digest()
    return (time.process_time() - start) / 10


def stages(program, path):
    """Share of instructions by stage."""
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/callgrind.out"
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program, "probe", path], check=True, capture_output=True)
        lines = subprocess.run(["callgrind_annotate", "--threshold=100", "--show=Ir", "--auto=no", out], capture_output=True, text=True).stdout
    counts, total = defaultdict(int), 0
    for line in lines.splitlines():
        # Costs of functions, by the file that each of their lines is of.
        found = re.match(r"^\s*([\d,]+) \(\s*[\d.]+%\)\s+(\S+?):(.*)", line)
        if found:
            cost, where = int(found[1].replace(",", "")), found[2] + " " + found[3]
            stage = next((stage for stage, parts in STAGES.items() if any(part in where for part in parts)), "all else")
            counts[stage] += cost
            total += cost
    return {stage: count / total for stage, count in counts.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callsift", required=True)
    parser.add_argument("--emodb", required=True, type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stages")
    args = parser.parse_args()
    here = str(pathlib.Path(__file__).resolve().parent)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/call.wav"
        samples = np.clip(laid_out(args.emodb, args.minutes), -1, 32767 / 32768)
        sf.write(path, samples, RATE, subtype="PCM_16")
        length_s = len(samples) / RATE
        ours = median([args.callsift, "probe", path], args.rounds)
        print(f"| tool | CPU s for {length_s:.0f} s of two channels | x real time |\n| --- | --- | --- |")
        print(f"| callsift, all of it | {ours:.3f} | {length_s / ours:,.0f} |", flush=True)
        if args.stages:
            shares, hash_s = stages(args.stages, path), hashed_s(path)
            print(f"| of it: hash, as libcrypto does it | {hash_s:.3f} | {length_s / hash_s:,.0f} |")
            counted = 1 - shares.pop("hash", 0)
            for stage, share in sorted(shares.items(), key=lambda row: -row[1]):
                seconds = (ours - hash_s) * share / counted
                print(f"| of it: {stage} ({share / counted:.0%} of other instructions) | {seconds:.3f} | {length_s / seconds:,.0f} |", flush=True)
        run = lambda work: [sys.executable, "-c", PEER.format(path=path, here=here, work=work)]
        for name, work in PEERS.items():
            imports = work.split(";")[0] if work.startswith("import") else ""
            start_s = median(run(imports), args.rounds)
            seconds = median(run(work), args.rounds, start_s) if start_s else None
            print(f"| {name} | {seconds:.2f} | {length_s / seconds:,.0f} |" if seconds else f"skipped: {name}", flush=True)
        print("\n| length | CPU s | x real time | peak MB |\n| --- | --- | --- | --- |")
        for times in (0.2, 6, 48):
            long = f"{folder}/long.wav"
            with sf.SoundFile(long, "w", RATE, 2, "PCM_16") as file:
                [file.write(samples[:int(len(samples) * min(times, 1))]) for _ in range(max(1, int(times)))]
            seconds, peak_mb = cpu_s([args.callsift, "probe", long])
            print(f"| {length_s * times / 60:.0f} min | {seconds:.2f} | {length_s * times / seconds:,.0f} | {peak_mb:.0f} |", flush=True)


if __name__ == "__main__":
    main()
