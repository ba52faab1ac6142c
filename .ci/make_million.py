"""Writes a manifest of LINES calls into DIR with a transcript each, in folders of a thousand: DIR LINES."""

import json
import pathlib
import sys

FOLDER = 1000


def main():
    at, lines = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    said = [{"channel": 0, "start_ms": 0, "end_ms": 4000, "text": "您好，请问有什么可以帮您？"},
            {"channel": 1, "start_ms": 5000, "end_ms": 16000, "text": "我想查一下账单。"}]
    text = json.dumps({"format": "callsift/transcript", "version": 1, "language": "zh", "segments": said})
    at.mkdir(parents=True)
    with open(at / "manifest.csv", "w") as manifest:
        manifest.write("call_id,transcript,started_at,agent_id,team,customer_id,queue\n")
        for line in range(lines):
            folder = f"{line // FOLDER:05}"
            if line % FOLDER == 0:
                (at / folder).mkdir()
            (at / folder / f"{line}.json").write_text(text)
            day, second = 1 + line * 28 // lines, line % 36000
            clock = f"{9 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
            manifest.write(f"call-{line},{folder}/{line}.json,2026-10-{day:02}T{clock}+08:00,"
                           f"agent-{line % 900},team-{line % 30},customer-{line % 400000},M1\n")


main()
