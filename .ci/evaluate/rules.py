#!/usr/bin/env python3
"""What rules find in labelled dialogues, and what they find where there is nothing.

    rules.py --judge PROGRAM --dialogues FOLDER --rules FOLDER [--neutral-zh CSV] [--neutral-en CSV] [--abuse FOLDER] [--show]

PROGRAM is the example `dialogues`, with the shipped rules. Precision and recall are by family (pack and category) and over all, of the rules that each file
of dialogues is labelled for. Neutral lines (column text) are each judged as a call in which the agent, then the customer, says that and nothing else;
rules that report that something was not said are left out. Of the abuse corpus (columns TEXT, label), hits of the insults in 1,000 lines that people called
offensive, and in 1,000 that they did not.
"""
import argparse, collections, csv, json, pathlib, re, subprocess, sys, tomllib

INSULTS = ["profanity", "personal-insult", "curse", "dialect-abuse", "foreign-abuse", "discrimination"]


def judged(program, files):
    done = subprocess.run([program, "--", *map(str, files)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def lines_judged(program, role, language, lines):
    done = subprocess.run([program, "--lines", role, language], input="\n".join(lines), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def read_rules(folder):
    rules = [tomllib.loads(path.read_text("utf-8")) for path in sorted(pathlib.Path(folder).glob("*/*.toml"))]
    return {rule["id"]: rule for rule in rules if "look_for" in rule}


def family(rules, rule):
    return f"{rule.split('.')[0]} {rules[rule]['category']}" if rule in rules else f"{rule.split('.')[0]} (no such rule)"


def tally(dialogues, rules):
    """True and false alarms and misses by family, and each error in words."""
    counts, errors = collections.defaultdict(collections.Counter), []
    for one in dialogues:
        assessed, expected = set(one["assessed"]), set(one["expected"])
        got = {}
        for rule, quote in one["got"]:
            got.setdefault(rule, quote)
        for rule in (set(got) | expected) & assessed:
            kind = "hit" if rule in got and rule in expected else "false" if rule in got else "missed"
            counts[family(rules, rule)][kind] += 1
            counts["all"][kind] += 1
            if kind != "hit":
                errors.append((kind, rule, one["name"], got.get(rule, "")))
    return counts, sorted(errors)


def share(part, whole):
    return f"{100 * part / whole:5.1f}" if whole else "    –"


def print_tally(title, counts):
    print(f"\n{title}\n{'family':34} {'labels':>6} {'found':>6} {'missed':>6} {'false':>6} {'precision %':>12} {'recall %':>9}")
    for name in sorted(counts, key=lambda name: (name == "all", name)):
        hit, missed, false = (counts[name][kind] for kind in ("hit", "missed", "false"))
        print(f"{name:34} {hit + missed:6} {hit:6} {missed:6} {false:6} {share(hit, hit + false):>12} {share(hit, hit + missed):>9}")


def is_of_words(rule):
    """Whether the rule can only report on something that is said."""
    return rule is not None and not re.search(r"\bnot\b|\bevery\b", rule["report"]["when"])


def lines_of(path, column):
    with open(path, encoding="utf-8", newline="") as file:
        return [(re.sub(r"\s", " ", row[column]), row) for row in csv.DictReader(file) if row[column].strip()]


def neutral(program, rules, path, language, show):
    lines = [text for text, _ in lines_of(path, "text")]
    hits, shown = collections.Counter(), collections.defaultdict(list)
    for role in ("agent", "customer"):
        for one in lines_judged(program, role, language, lines):
            for rule in {rule for rule, _ in one["got"] if is_of_words(rules.get(rule))}:
                hits[rule] += 1
                shown[rule].append(lines[one["line"] - 1][:80])
    print(f"\nfalse alarms in {len(lines)} neutral lines ({language}), each said by the agent and by the customer")
    for rule, count in hits.most_common():
        per_thousand = 1000 * count / len(lines)
        print(f"{rule:48} {count:5} {per_thousand:7.2f} in 1,000" + (" OVER 1" if per_thousand > 1 else ""))
        for line in shown[rule][: 5 if show else 0]:
            print(f"    {line}")
    print(f"{'all':48} {sum(hits.values()):5} {1000 * sum(hits.values()) / len(lines):7.2f} in 1,000")


def abuse(program, folder):
    insults = {f"cn-collections.{name}" for name in INSULTS}
    for part in ("train", "dev"):
        lines = lines_of(pathlib.Path(folder) / f"{part}.csv", "TEXT")
        found = {one["line"] - 1 for one in lines_judged(program, "agent", "zh", [text for text, _ in lines])
                 if insults & {rule for rule, _ in one["got"]}}
        for label, name in (("1", "offensive"), ("0", "not offensive")):
            of = [at for at, (_, row) in enumerate(lines) if row["label"] == label]
            hits = sum(at in found for at in of)
            print(f"COLD {part}: {hits} of {len(of)} lines {name} ({1000 * hits / len(of):.1f} in 1,000)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("judge", "dialogues", "rules"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("neutral-zh", "neutral-en", "abuse"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--show", action="store_true", help="show each error")
    args = parser.parse_args()
    rules = read_rules(args.rules)
    files = sorted(pathlib.Path(args.dialogues).glob("*.toml"))
    turns = [file for file in files if file.stem == "customer-turns"]
    for title, some in (("dialogues", [file for file in files if file not in turns]), ("single turns of customers", turns)):
        counts, errors = tally(judged(args.judge, some), rules)
        print_tally(title, counts)
        for error in errors if args.show else ():
            print("   ", *error)
    print()
    if args.abuse:
        abuse(args.judge, args.abuse)
    for language, path in (("zh", args.neutral_zh), ("en", args.neutral_en)):
        if path:
            neutral(args.judge, rules, path, language, args.show)


if __name__ == "__main__":
    main()
