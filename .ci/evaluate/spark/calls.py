"""Makes few short calls: recordings of a tone like a voice, transcripts and a manifest."""
import array, csv, json, math, random, wave

RATE = 8000
AGENT = [
    "您好，这里是海棠银行。",
    "您的账单是三千五百元，请在二十五号之前还款。",
    "你再不还钱我们就上门找你家里人。",
    "今天下班前必须还清，过了今天就没有机会了。",
    "感谢您的来电，再见。",
]
CUSTOMER = ["我知道了，下周一还。", "我的电话是13800138000。", "不要再打电话来了，我要投诉。", "好的，谢谢。"]
COLUMNS = (
    "call_id recording transcript started_at agent_id team customer_id callee_role direction ended_by language answered talk_s "
    "stop_requested number branch"
).split()
DAYS = ["2026-11-18", "2026-11-19", "2026-11-20"]
CALLS_OF_CUSTOMER = 4


def tone(pitch_hz):
    """A second of vowels: harmonics that swell and fade, four a second."""
    at = (n / RATE for n in range(2 * RATE))
    swell = lambda t: 0.55 - 0.45 * math.cos(2 * math.pi * 4 * t)
    voice = lambda t: sum(math.sin(2 * math.pi * pitch_hz * k * t) / k for k in range(1, 8))
    return [int(6000 * swell(t) * voice(t)) for t in at]


def make(folder, calls):
    """Writes the calls into `folder` and returns the lines of their manifest, those of a customer side by side."""
    rng = random.Random(7)
    tones = [tone(pitch_hz) for pitch_hz in (110, 130, 180, 220)]
    lines = []
    for sub in ("recordings", "transcripts"):
        (folder / sub).mkdir(parents=True)
    for n in range(calls):
        call_id = f"c-{n:04}"
        lines.append(line(call_id, n, rng))
        # A recording that is missing is a row as well.
        if has_sound(n) and n % 50 != 6:
            write_sound(folder / "recordings" / f"{call_id}.wav", rng, tones)
        (folder / "transcripts" / f"{call_id}.json").write_text(json.dumps(transcript(call_id, n, rng), ensure_ascii=False))
    write_manifest(folder / "manifest.csv", lines)
    return lines


def has_sound(n):
    """Every third call is a transcript alone: it can be long, so that rules look at it, and costs nothing."""
    return n % 3 != 1


def line(call_id, n, rng):
    customer = n // CALLS_OF_CUSTOMER
    started = f"{rng.choice(DAYS)}T{rng.randrange(7, 23):02}:{rng.randrange(60):02}:00+08:00"
    return {
        "call_id": call_id,
        "recording": f"recordings/{call_id}.wav" if has_sound(n) else "",
        "transcript": f"transcripts/{call_id}.json",
        "started_at": "" if n % 40 == 5 else started,
        "agent_id": f"agent-{n % 7}",
        "team": f"team-{n % 3}",
        "customer_id": "" if customer % 10 == 3 else f"customer-{customer}",
        "callee_role": rng.choice(["debtor", "related_third", ""]),
        "direction": rng.choice(["outbound", "inbound"]),
        "ended_by": rng.choice(["agent", "customer", ""]),
        "language": "zh",
        "answered": rng.choice(["true", "false", ""]),
        "talk_s": rng.choice(["", "12.5", "95"]),
        "stop_requested": rng.choice(["", "是", "否"]),
        "number": rng.choice(["", "13800138000", "0 138 0013 8000", "13900139000"]),
        "branch": f'a "b", {n % 5}',
    }


def transcript(call_id, n, rng):
    segments, start_ms, slower = [], 100, 1 if has_sound(n) else 20
    for turn in range(rng.randrange(2, 7)):
        end_ms = start_ms + slower * rng.randrange(150, 300)
        text = rng.choice(CUSTOMER if turn % 2 else AGENT)
        segments.append({"channel": turn % 2, "start_ms": start_ms, "end_ms": end_ms, "text": text, "confidence": 0.9})
        start_ms = end_ms + 20
    return {"format": "callsift/transcript", "version": 1, "call_id": call_id, "language": "zh", "segments": segments}


def write_sound(path, rng, tones):
    length = rng.randrange(RATE // 2, 2 * RATE)
    agent, customer = rng.sample(tones, 2)
    samples = array.array("h")
    for n in range(length):
        in_turn = (n * 4 // RATE) % 2
        samples.append(0 if in_turn else agent[n])
        samples.append(customer[n] if in_turn else 0)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def write_manifest(path, lines):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(lines)
