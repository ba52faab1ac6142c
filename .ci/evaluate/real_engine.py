#!/usr/bin/env python3
"""A real engine, from sound to findings: calls spoken by espeak-ng, heard by PocketSphinx, judged by callsift.

    real_engine.py --callsift target/release/callsift [--mandarin DIR] [--small]

DIR holds a Mandarin acoustic model (8 kHz) and `mandarin_notone.dic`; without it English alone is heard. Needs espeak-ng, sox,
pyarrow and the Python package pocketsphinx. The language models are made of the calls' sentences and of others like them, so what is
shown is not how well PocketSphinx hears, but that what an engine hears is flagged at its second.
"""
import argparse, json, pathlib, re, subprocess, sys, tempfile, wave

import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).resolve().parent
# How far from its second a finding may lie, ms.
NEAR_MS = 1_000

# (who, what the language model holds, what espeak-ng speaks or None for the same, the rule that must report it or None)
MANDARIN = [
    [("agent", "您 好 这里 是 海棠 银行", "nin2 hao3 zhe4 li3 shi4 hai3 tang2 yin2 hang2", None),
     ("customer", "我 现在 没有 钱", "wo3 xian4 zai4 mei2 you3 qian2", None),
     ("agent", "再 不 还 款 我们 会 派人 到 你 家里", "zai4 bu4 huan2 kuan3 wo3 men5 hui4 pai4 ren2 dao4 ni3 jia1 li3",
      "cn-collections.threat-of-visit"),
     ("customer", "再 给 我 几 天", "zai4 gei3 wo3 ji3 tian1", None),
     ("agent", "今天 再 不 还 我 找 人 打断 你 的 腿", "jin1 tian1 zai4 bu4 huan2 wo3 zhao3 ren2 da3 duan4 ni3 de5 tui3",
      "cn-collections.threat-of-violence")],
    [("agent", "您 好 这里 是 海棠 银行", "nin2 hao3 zhe4 li3 shi4 hai3 tang2 yin2 hang2", None),
     ("customer", "什么 事情", "shen2 me5 shi4 qing5", None),
     ("agent", "你 收到 一 个 短信 把 验证 码 报 给 我", "ni3 shou1 dao4 yi2 ge4 duan3 xin4 ba3 yan4 zheng4 ma3 bao4 gei3 wo3",
      "cn-collections.otp-request"),
     ("customer", "我 下个月 再 还", "wo3 xia4 ge4 yue4 zai4 huan2", None),
     ("agent", "再 不 还 款 就 通知 你 的 领导 和 同事", "zai4 bu4 huan2 kuan3 jiu4 tong1 zhi1 ni3 de5 ling3 dao3 he2 tong2 shi4",
      "cn-collections.threat-to-contacts")],
]
ENGLISH = [
    [("agent", "hello this is the collection department", None, None),
     ("customer", "i do not have the money", None, None),
     ("agent", "then the sheriff will come and arrest you", None, "us-collections.threat-of-arrest"),
     ("customer", "please give me one more week", None, None),
     ("agent", "we will tell your boss and your neighbors about this debt", None, "us-collections.threat-to-tell-others")],
]
# What is said in other calls: the models must choose.
OTHERS = {"zh": ["请问 您 是 王 先生 吗", "本 次 通话 有 录音", "请 您 尽快 还 款", "谢谢 您 再见", "我们 会 给 您 打 电话", "您 的 账单 已经 逾期",
                 "今天 可以 还 一部分 吗", "我 要 投诉 你们", "好 的 没有 问题", "请 您 报 一下 手机 号码", "我 明天 到 家里 再 说"],
          "en": ["thank you for calling", "this call is recorded", "could you please pay today", "i will call you back tomorrow",
                 "what is your account number", "the bank will send you a letter", "i want to talk to your boss", "have a nice day",
                 "i lost my job last week", "we can set up a payment plan", "please tell me your name"]}
VOICES = {("zh", "agent"): ("cmn-latn-pinyin+f1", "190"), ("zh", "customer"): ("cmn-latn-pinyin+m3", "180"),
          ("en", "agent"): ("en-us+f2", "150"), ("en", "customer"): ("en-us+m3", "150")}


def spoken(language, who, words, rate):
    """The samples of a line at `rate`."""
    voice, speed = VOICES[language, who]
    with tempfile.TemporaryDirectory() as folder:
        raw, out = f"{folder}/raw.wav", f"{folder}/out.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", speed, "-w", raw, words], check=True)
        subprocess.run(["sox", "-D", raw, "-r", str(rate), "-b", "16", out, "norm", "-6"], check=True)
        with wave.open(out) as file:
            return file.readframes(file.getnframes())


def make_call(path, language, lines, rate):
    """Writes a call of two channels; returns when each line starts, ms."""
    sides, starts, at = {"agent": bytearray(), "customer": bytearray()}, [], rate // 2
    for who, words, speech, _ in lines:
        x = spoken(language, who, speech or words, rate)
        sides[who] += b"\0" * (at * 2 - len(sides[who])) + x
        starts.append(at * 1000 // rate)
        at += len(x) // 2 + rate * 7 // 10
    for side in sides.values():
        side += b"\0" * (at * 2 - len(side))
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, rate, 0, "NONE", ""))
        file.writeframes(b"".join(bytes(side[k: k + 2]) for k in range(0, at * 2, 2) for side in sides.values()))
    return starts


def language_model(folder, language, calls):
    sentences = [line[1] for call in calls for line in call] + OTHERS[language]
    text, model = folder / f"{language}.txt", folder / f"{language}.arpa"
    text.write_text("".join(f"<s> {sentence} </s>\n" for sentence in sentences), encoding="utf-8")
    subprocess.run([pathlib.Path(sys.executable).parent / "pocketsphinx_lm", "-s", text, "-o", model], check=True, capture_output=True)
    return model


def dictionary(folder, language, source, calls):
    """The dictionary's words that the model has: the whole one takes long to read for each clip."""
    words = {word for sentence in [line[1] for call in calls for line in call] + OTHERS[language] for word in sentence.split()}
    lines = [line for line in source.read_text(encoding="utf-8").splitlines() if re.split(r"[\s(]", line)[0] in words]
    missing = words - {re.split(r"[\s(]", line)[0] for line in lines}
    if missing:
        sys.exit(f"not in {source.name}: {' '.join(sorted(missing))}")
    path = folder / f"{language}.dict"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def try_language(callsift, folder, language, calls, model, source, rate):
    recordings = folder / language
    recordings.mkdir()
    starts = [make_call(recordings / f"{n}.wav", language, call, rate) for n, call in enumerate(calls)]
    manifest = "call_id,recording,callee_role,direction,ended_by\n" + "".join(f"{n},{n}.wav,debtor,outbound,agent\n" for n in range(len(calls)))
    (recordings / "manifest.csv").write_text(manifest)
    line = [sys.executable, HERE / "sphinx.py", "--model", model, "--dictionary", dictionary(folder, language, source, calls),
            "--language-model", language_model(folder, language, calls), "--language", language, "{wav}"]
    config = folder / f"{language}.toml"
    config.write_text(f'engine = "command"\nlanguage = "{language}"\nrate = "{rate} Hz"\nmodel = "pocketsphinx"\n[command]\n'
                      f"line = {json.dumps(' '.join(map(str, line)))}\n")
    out = folder / f"out-{language}"
    subprocess.run([callsift, "inspect", recordings, "--out", out, "--language", language, "--engine-config", config,
                    "--transcript-cache", folder / "cache", "--progress", "never"], check=True, capture_output=True, text=True)
    read = lambda table: [row for file in sorted((out / table).rglob("*.parquet")) for row in pq.ParquetFile(file).read().to_pylist()]
    turns, findings, flagged = read("turns"), read("findings"), 0
    for n, (call, at) in enumerate(zip(calls, starts)):
        for (who, words, _, rule), start_ms in zip(call, at):
            mine = [turn for turn in turns if turn["call_id"] == str(n) and turn["role"] == who and abs(turn["start_ms"] - start_ms) <= NEAR_MS]
            print(f"{language} {start_ms:6} ms {who:8} {words}\n{'':12}heard     {' '.join(turn['text'] for turn in mine) or '–'}")
            if rule:
                found = [f for f in findings if f["call_id"] == str(n) and f["rule"] == rule and f["role"] == who and f["start_ms"] is not None
                         and start_ms - NEAR_MS <= f["start_ms"] <= start_ms + 5_000]
                flagged += bool(found)
                print(f"{'':12}{rule}: " + (f"{found[0]['quote']!r} at {found[0]['start_ms']} ms" if found else "NOT FOUND"))
    return flagged


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callsift", required=True, type=pathlib.Path)
    parser.add_argument("--mandarin", type=pathlib.Path)
    parser.add_argument("--small", action="store_true", help="one call of each language")
    args = parser.parse_args()
    import pocketsphinx
    english = pathlib.Path(pocketsphinx.get_model_path()) / "en-us"
    some = (lambda calls: calls[:1]) if args.small else (lambda calls: calls)
    with tempfile.TemporaryDirectory() as folder:
        folder, tool = pathlib.Path(folder), args.callsift.resolve()
        wanted = flagged = 0
        if args.mandarin:
            model = next(path for path in args.mandarin.iterdir() if path.is_dir())
            flagged += try_language(tool, folder, "zh", some(MANDARIN), model, args.mandarin / "mandarin_notone.dic", 8_000)
            wanted += sum(bool(line[3]) for call in some(MANDARIN) for line in call)
        else:
            print("SKIPPED: no Mandarin model; English alone")
        flagged += try_language(tool, folder, "en", some(ENGLISH), english / "en-us", english / "cmudict-en-us.dict", 16_000)
        wanted += sum(bool(line[3]) for call in some(ENGLISH) for line in call)
    print(f"{flagged} of {wanted} phrases flagged within their seconds")
    least = wanted if args.small else max(4, wanted - 1)
    if flagged < min(least, wanted):
        sys.exit(1)


if __name__ == "__main__":
    main()
