#!/usr/bin/env python3
"""What `callsift entities` reads in Chinese, against published cases: exact span and value, by kind, and why each miss is one.

    entities.py --callsift PROGRAM --cases FOLDER [--misses]

FOLDER holds recognizers-text/ (Microsoft Recognizers-Text specifications: what is not marked as unsupported counts) and
wetext-itn/ (`spoken => written`, whose figures are read as the value). A case is right where all entities of its kind are found,
at their places and with their values, and no other of that kind; of a date that could be past or to come, either counts.
"""
import argparse, json, pathlib, re, subprocess, sys
from collections import defaultdict

SPECIFICATIONS = {
    "number": ["Number/Chinese/NumberModel.json"],
    "percentage": ["Number/Chinese/PercentModel.json"],
    "money": ["NumberWithUnit/Chinese/CurrencyModel.json"],
    "date": ["DateTime/Chinese/DateExtractor.json", "DateTime/Chinese/DateParser.json", "DateTime/Chinese/DateTimeModel.json"],
    "duration": ["DateTime/Chinese/DurationExtractor.json", "DateTime/Chinese/DurationParser.json", "DateTime/Chinese/DateTimeModel.json"],
    "time": ["DateTime/Chinese/TimeParser.json", "DateTime/Chinese/DateTimeModel.json"],
    "datetime": ["DateTime/Chinese/DateTimeParser.json", "DateTime/Chinese/DateTimeModel.json"],
}
TYPES = {"number": "number", "percentage": "percentage", "currency": "money", "date": "date", "duration": "duration", "time": "time",
         "datetime": "datetime"}
SPOKEN = {"number": "number.txt", "money": "money.txt"}


def answers(program, asked):
    """What is found in each line, by (day, line)."""
    by_day = defaultdict(list)
    for day, line in asked:
        by_day[day].append(line)
    found = {}
    for day, lines in by_day.items():
        done = subprocess.run([program, "entities", "--language", "zh", "--date", day], input="\n".join(lines), capture_output=True,
                              text=True, check=True)
        for line, answer in zip(lines, done.stdout.splitlines()):
            found[day, line] = json.loads(answer)["entities"]
    return found


def values(result):
    """The values that count for a result; none where only the place is given."""
    resolution = result.get("Resolution") or result.get("Value") or {}
    if "values" in resolution:
        return {one.get("value") for one in resolution["values"]}
    named = [resolution[key] for key in ("FutureResolution", "PastResolution") if key in resolution]
    found = {value for one in named for value in one.values()}
    return found or ({resolution["value"]} if "value" in resolution else set())


def of_kind(result, kind):
    name = (result.get("TypeName") or result.get("Type")).removeprefix("datetimeV2.")
    return TYPES.get(name) == kind


def specified(folder, kind):
    """Cases as (day, line, [(start, end, values)])."""
    for path in SPECIFICATIONS[kind]:
        mixed = path.endswith("DateTimeModel.json")
        for case in json.load(open(folder / path, encoding="utf-8-sig")):
            if case.get("NotSupported") or "\n" in case["Input"] or not case["Input"].strip():
                continue
            wanted = [result for result in case["Results"] if of_kind(result, kind)]
            if mixed and not wanted:
                continue
            day = case.get("Context", {}).get("ReferenceDateTime", "2017-03-22")[:10]
            places = [(r["Start"], r["End"] + 1 if "End" in r else r["Start"] + r["Length"], values(r)) for r in wanted]
            yield day, case["Input"], places


def same(kind, found, wanted):
    if not wanted or "not resolved" in wanted or "0001-01-01" in wanted:
        return True
    for value in wanted:
        if value is None:
            return False
        if kind in ("number", "money", "percentage", "duration"):
            number = lambda text: float(text.rstrip("%"))
            try:
                if abs(number(found) - number(value)) <= 1e-9 * max(1, abs(number(value))):
                    return True
            except ValueError:
                pass
        else:
            plain = lambda text: re.sub(r"(\d\d:\d\d):00$", r"\1", text.replace(" ", "T"))
            if plain(found) == plain(value) or kind == "date" and found == value[:len(found)] and len(found) < 10:
                return True
    return False


def written_value(text):
    """Values of what is written in figures: 100万1111 is 1001111, ¥3380.58 is 3380.58, 730-40 is 730~740."""
    out = []
    for match in re.finditer(r"-?\d[\d.]*(?:[万亿兆]\d*)*(?:[~-]\d+)?", text):
        part = match.group()
        if "~" in part or re.search(r"\d-\d", part):
            low, high = re.split(r"[~-]", part)
            high = low[:len(low) - len(high)] + high if len(high) < len(low) else high
            out.append(f"{low}~{high}")
            continue
        scale = {"万": 1e4, "亿": 1e8, "兆": 1e12}
        total, number = 0.0, ""
        for c in part:
            if c in scale:
                total, number = total + float(number or 0) * scale[c], ""
            else:
                number += c
        out.append(f"{total + float(number or 0):.15g}")
    return out


def same_range(found, wanted):
    """十五六 is written 15-6 for 15~16, 七百三四十 730-40."""
    if "~" not in wanted:
        try:
            return abs(float(found) - float(wanted)) < 1e-9 * max(1, abs(float(wanted)))
        except ValueError:
            return False
    if "~" not in found:
        return False
    low, high = wanted.split("~")
    found_low, found_high = found.split("~")
    return float(low) == float(found_low) and found_high.endswith(high)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callsift", default="callsift")
    parser.add_argument("--cases", type=pathlib.Path, required=True)
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    print("| cases | kind | right | of | share |\n|" + " --- |" * 5)
    misses = []
    for kind in SPECIFICATIONS:
        cases = list({(day, line): (day, line, places) for day, line, places in specified(args.cases / "recognizers-text", kind)}.values())
        found = answers(args.callsift, [(day, line) for day, line, _ in cases])
        right = 0
        for day, line, places in cases:
            got = [(e["start"], e["end"], e["value"]) for e in found[day, line] if e["kind"] == kind]
            is_right = len(got) == len(places) and all(
                g[:2] == p[:2] and same(kind, g[2], p[2]) for g, p in zip(got, sorted(places, key=lambda p: p[0])))
            right += is_right
            if not is_right:
                misses.append((kind, line, sorted(places, key=lambda p: p[0]), found[day, line]))
        print(f"| recognizers-text | {kind} | {right} | {len(cases)} | {right / max(1, len(cases)):.1%} |")
    for kind, name in SPOKEN.items():
        lines = [line.split(" => ") for line in (args.cases / "wetext-itn" / name).read_text("utf-8").splitlines() if " => " in line]
        found = answers(args.callsift, [("2026-11-20", spoken) for spoken, _ in lines])
        right = 0
        for spoken, written in lines:
            got = [e["value"] for e in found["2026-11-20", spoken] if e["kind"] == kind]
            wanted = written_value(written)
            is_right = len(got) == len(wanted) and all(map(same_range, got, wanted))
            right += is_right
            if not is_right:
                misses.append((f"{kind} (wetext)", spoken, wanted, found["2026-11-20", spoken]))
        print(f"| wetext-itn | {kind} | {right} | {len(lines)} | {right / max(1, len(lines)):.1%} |")
    if args.misses:
        for kind, line, wanted, got in misses:
            short = [f"{e['kind']} {e['start']}:{e['end']} {e['value']} {e['unit'] or ''}" for e in got]
            print(f"{kind}\t{line[:90]!r}\twanted {wanted}\tfound {short}", file=sys.stderr)


if __name__ == "__main__":
    main()
