#!/usr/bin/env python3
"""What searching by sound finds and what it costs: recall where characters of listed words are misheard, and false alarms.

    homophones.py --words PROGRAM --lists FOLDER --rules FOLDER --neutral CSV --abuse CSV [--show N]

PROGRAM is the example `words`. The lists are those that a rule searches for with `sounds_like`. Every listed word of three and more
syllables, in a line of the rules' own examples or else in a plain carrier sentence, has 10, 20 and 30 % of its characters replaced by others of the same syllable, tones aside, drawn by
how frequent they are in the neutral text and of those that differ; a word counts as found where its list has a hit that overlaps
it. False alarms are hits by sound where the neutral text (column text; no list should speak up by sound) and COLD (column TEXT) have
no hit of the list as written, in 1,000 lines. Needs pypinyin.
"""
import argparse, collections, csv, json, pathlib, random, re, subprocess, tomllib
from pypinyin import Style, lazy_pinyin, pinyin

CARRIERS = ["您好{}知道吗", "我跟你讲{}你看着办", "反正{}就这样", "那{}可以吧"]
FEWEST = 3


def found(program, lists, lines):
    done = subprocess.run([program, lists], input="\n".join(lines), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def lines_of(path, column):
    with open(path, encoding="utf-8", newline="") as file:
        return [re.sub(r"\s", " ", row[column]) for row in csv.DictReader(file) if row[column].strip()]


def frequent(lines):
    """Characters by syllable, with how often they occur."""
    by_syllable = collections.defaultdict(collections.Counter)
    for char, count in collections.Counter("".join(lines)).items():
        if "\u4e00" <= char <= "\u9fff":
            by_syllable[lazy_pinyin(char)[0]][char] += count
    return by_syllable


def misheard(rng, word, share, by_syllable):
    """The word with each character replaced with the given probability; readings as in the word."""
    out = []
    for char, syllable in zip(word, lazy_pinyin(word)):
        others = [(other, count) for other, count in by_syllable[syllable].items() if other != char]
        if others and rng.random() < share:
            char = rng.choices([other for other, _ in others], [count for _, count in others])[0]
        out.append(char)
    return "".join(out)


def rules_of(folder):
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted(pathlib.Path(folder).glob("*/*.toml"))]


def searched_by_sound(rules):
    look_fors = [look for rule in rules for look in rule.get("look_for", {}).values() if look.get("sounds_like")]
    return {entry.removeprefix("lexicon:") for look in look_fors for entry in look["words"]}


def words_of(lists, wanted):
    for path in sorted(pathlib.Path(lists).glob("*.toml")):
        entry = tomllib.loads(path.read_text("utf-8"))
        for term in entry["terms"] if entry["id"] in wanted else ():
            if len(term) >= FEWEST and all("\u4e00" <= char <= "\u9fff" for char in term):
                yield entry["id"], term


def example_lines(rules):
    for rule in rules:
        for example in rule.get("example", []):
            for line in example.get("call", "").splitlines():
                said = line.strip().split(None, 2)
                if len(said) == 3:
                    yield said[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("words", "lists", "rules", "neutral", "abuse"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="show N false alarms of each text")
    args = parser.parse_args()
    neutral, abuse = lines_of(args.neutral, "text"), lines_of(args.abuse, "TEXT")
    by_syllable = frequent(neutral)
    rules = rules_of(args.rules)
    wanted, examples = searched_by_sound(rules), list(example_lines(rules))
    cases, rng = [], random.Random(1)
    for id, term in words_of(args.lists, wanted):
        line = next((line for line in examples if term in line), None)
        cases.append((id, term, *(line.split(term, 1) if line else CARRIERS[len(cases) % len(CARRIERS)].split("{}"))))
    print("| characters replaced | words | found as written | found with their sound |\n|" + " --- |" * 4)
    for share in (0.1, 0.2, 0.3):
        heard = [misheard(rng, term, share, by_syllable) for _, term, _, _ in cases]
        answers = found(args.words, args.lists, [before + word + after for (_, _, before, after), word in zip(cases, heard)])
        hits = [0, 0]
        for (id, term, before, _), answer in zip(cases, answers):
            start, end = len(before), len(before) + len(term)
            has = lambda kind: any(hit[0] == id and hit[1] < end and start < hit[2] for hit in answer[kind])
            hits[0] += has("exact")
            hits[1] += has("exact") or has("alike")
        print(f"| {share:.0%} | {len(cases)} | {hits[0] / len(cases):.1%} | {hits[1] / len(cases):.1%} |")
    print("\n| text | lines | hits by sound | in 1,000 lines |\n| --- | --- | --- | --- |")
    for name, lines in (("neutral", neutral), ("COLD", abuse)):
        alarms = []
        for line, answer in zip(lines, found(args.words, args.lists, lines)):
            for id, start, end, distance, word in answer["alike"]:
                if id in wanted and not any(hit[0] == id and hit[1] < end and start < hit[2] for hit in answer["exact"]):
                    alarms.append((id, line[start:end], word, distance))
        print(f"| {name} | {len(lines)} | {len(alarms)} | {1000 * len(alarms) / len(lines):.2f} |")
        for alarm in alarms[:args.show]:
            print("   ", *alarm)


if __name__ == "__main__":
    main()
