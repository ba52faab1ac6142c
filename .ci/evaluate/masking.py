#!/usr/bin/env python3
"""What masking lets through, and what it takes from harmless talk: made-up personal data, searched for in all that callsift writes.

    masking.py --callsift PROGRAM --work DIR [--neutral FILE] [--calls N] [--seed N] [--show N]

Calls carry random numbers, e-mail addresses, number plates, addresses and names, said and written in many ways (nobody's: the check
digits are right, the rest is drawn). Leaked is what can be read whole, in whatever writing, in a table, as CSV or JSON, in the bytes or
the name of a file, or on the terminal: of an address any house, building or room number with its unit, of a plate what follows its
letter, of a name the given name with its title, of an e-mail address what stands before the @, of an ID card the first 17 digits. That
the search finds everything planted in the input is checked first. Numbers that an engine damaged are kept apart: nobody can be sure of
them. --neutral is talk without personal data, as lines or as CSV with the column text. The folders in DIR that this writes are emptied
first. Exit code 1 where anything leaked.
"""
import argparse, csv, hashlib, io, itertools, json, pathlib, random, re, shutil, subprocess, sys, time, unicodedata, wave
from collections import Counter, defaultdict
import numpy, pyarrow, pyarrow.csv, pyarrow.parquet

NUMBERS = ["mobile", "landline", "id_card", "bank_card_16", "bank_card_19"]
KINDS = NUMBERS + ["email", "plate", "plate_8", "address", "name"]
WRITINGS = ["plain", "spaces", "hyphens", "spoken", "full-width", "mixed", "fillers"]
SAID = ["one utterance", "over 2 utterances", "over 3 utterances", "read back at once", "read back group by group", "one word a character",
        "one word a group"]
CELLS = ["agent_id", "team", "customer_id", "queue", "product", "remark"]
SLOTS = ["recording's name", "transcript's name", "call_id", *CELLS]
ELSEWHERE = ["column's name", "mistake in the manifest", "attempts"]
DAMAGES = ["a digit dropped", "a digit heard as a word", "cut in two by another topic"]
READABLE = 7

CARRIERS = {"mobile": ["我的手机号是{}", "你打{}", "{}", "您记一下{}对"], "landline": ["座机是{}", "打{}找我", "单位电话{}"],
            "id_card": ["身份证号{}", "证件是{}", "{}"], "bank_card_16": ["卡号是{}", "打到{}这张卡", "{}"],
            "bank_card_19": ["卡号是{}", "打到{}这张卡", "{}"], "email": ["我的邮箱是{}", "发到{}就行", "邮箱是{}？", "发到{}一份"], "plate": ["车牌号是{}", "我那辆{}停在楼下"],
            "plate_8": ["车牌号是{}", "新能源车{}"], "address": ["我住在{}", "地址写{}", "寄到北京市朝阳区{}吧"],
            "name": ["请问是{}吗", "{}您好", "我找一下{}"]}
HARMLESS = ["好的", "您稍等我查一下", "这个月能还多少", "我现在手头有点紧", "请您尽快处理", "那利息怎么算", "我再跟家里人商量商量", "感谢您的接听",
            "大概三千五百块", "上午不太方便", "您看这样行吗", "我昨天已经跟你们说过了"]
ECHOES, HESITATIONS, TITLES = ["嗯", "您说", "对", "好的"], ["嗯", "那个", "啊", "然后"], ["先生", "女士", "小姐"]
HOMOPHONES = dict(zip("0123456789", ["灵林", "腰药", "儿而", "山伞", "是死", "我舞", "流刘", "起气", "吧爸", "酒久"]))

# A pack that quotes whatever may be personal, so that quotes, messages and what two datasets say differently are searched too.
PACK = 'id = "own"\ntitle = "t"\ndescription = "d"\nlanguage = "zh"\nowner = "o"\ncounsel = "c"\n'
RULE = """id = "own.quotes"\ntitle = "t"\nstatus = "active"\nseverity = "fatal"\ncategory = "恐吓"\nowner = "o"\nrevision = 1
what = "w"\nwhy = "w"\nmisses = "m"\nlanguages = ["zh"]\nsources = [{ cite = "c", confidence = "ours" }]
look_for = { any = { patterns = ['.{0,20}(号|打|卡|邮箱|发到|车|住在|址|寄到|是|找).{1,40}'] } }
report = { when = "any", message = "{any.quote}", advice = "a" }
example = [{ name = "yes", report = true, call = "00:00  agent  卡号是什么" }, { name = "no", report = false, call = "00:00  agent  好" }]
"""

# How text is brought to one writing before it is searched: figures, and nothing between them.
SPOKEN = str.maketrans("零〇○洞一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖叉", "000011122233445566778899X")
GAP = re.compile(r"(?<=[0-9A-Za-z号院弄栋幢楼元室街路道十百])(?:[ \t\-_.,。、·:;/‐-―]|嗯|那个|这个|啊|呃|额|哦|然后|就是)+(?=[0-9A-Za-z@十百])")
HOUSE = re.compile("[0-9十百千]+(?:号院|号楼|号|弄|栋|幢|单元|室)")
CODE = re.compile(r"q[a-j]{4}(?=[/.])")


def squeezed(text):
    if "\\u" in text:
        text = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
    return GAP.sub("", unicodedata.normalize("NFKC", text).translate(SPOKEN).replace("艾特", "@"))


def drawn(rng, kind):
    """Something personal of this kind, in the groups in which it is said."""
    digits = lambda count: "".join(rng.choices("0123456789", k=count))
    cut = lambda text, *sizes: [text[end - size:end] for size, end in zip(sizes, itertools.accumulate(sizes))]
    if kind == "mobile":
        return cut(rng.choice("133 135 136 138 139 147 150 152 158 159 166 173 177 180 186 188 189 191 198 199".split()) + digits(8), 3, 4, 4)
    if kind == "landline":
        area, size = rng.choice([("010", 8), ("021", 8), ("028", 8), ("0755", 8), ("0571", 8), ("0351", 7), ("0771", 7)])
        return [area, rng.choice("2345678") + digits(size - 5), digits(4)]
    if kind == "id_card":
        while True:
            born = f"{rng.randint(1955, 2004)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
            body = rng.choice(["110105", "310104", "440305", "510107", "320102", "420106"]) + born + digits(3)
            check = "10X98765432"[sum(int(digit) * pow(2, 17 - n, 11) for n, digit in enumerate(body)) % 11]
            if check == "X" or rng.random() < 0.4:
                return cut(body + check, 6, 8, 4)
    if kind.startswith("bank_card"):
        size = int(kind[-2:])
        body = rng.choice(["622202", "621700", "622848", "621661"] if size == 19 else ["436742", "622588", "518710", "356390"]) + digits(size - 7)
        luhn = sum(sum(divmod(int(digit) * 2, 10)) if n % 2 == 0 else int(digit) for n, digit in enumerate(reversed(body)))
        return cut(body + str(-luhn % 10), 4, 4, 4, 4, *[3] * (size == 19))
    if kind == "email":
        name = rng.choice(["zhang", "liwei", "chen", "wangfang", "sunny"]) + rng.choice(["", "hong", "lei", "yu"])
        return [name, digits(rng.randint(3, 5)), "@" + rng.choice(["qq.com", "163.com", "gmail.com", "sina.cn"])]
    if kind.startswith("plate"):
        letter, head = rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ"), rng.choice("京沪粤川苏浙冀鲁鄂") + rng.choice("ABCDE")
        if kind == "plate_8":
            return [head, rng.choice("DF") + rng.choice([letter, digits(1)]) + digits(1), digits(3)]
        return rng.choice([[head, digits(2), digits(3)], [head, letter + digits(1), digits(3)], [head, digits(2), digits(1) + letter + digits(1)]])
    if kind == "address":
        road, form = rng.choice("建国路 解放路 人民东路 学院路 长宁大街 中山一路".split()), rng.choice(["号院 栋", "号 单元", "弄 号楼", "号 幢"]).split()
        return [f"{road}{rng.randint(2, 1999)}{form[0]}", f"{rng.randint(1, 39)}{form[1]}", f"{rng.randint(101, 2909)}室"]
    given = "".join(rng.sample("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英", rng.choice([1, 2])))
    return [rng.choice([*"张王李赵刘陈杨黄周吴徐孙马朱胡", "欧阳", "司马"]) + given + rng.choice(TITLES)]


def numeral(number):
    out = "".join("零一二三四五六七八九"[int(digit)] + unit for digit, unit in zip(f"{number:04}", ["千", "百", "十", ""]))
    out = re.sub("零+", "零", re.sub("零[千百十]", "零", out)).strip("零")
    return out.removeprefix("一") if 10 <= number < 20 else out


class Planted:
    """Something planted: what it is, how it is written and where, in which call, and where it was found."""

    def __init__(self, rng, kind, writing, place):
        self.rng, self.kind, self.writing, self.place = rng, kind, writing, place
        self.groups = drawn(rng, kind)
        self.whole, self.call, self.found, self.partly = "".join(self.groups), None, {}, False
        self.aloud = dict(zip("0123456789X", [rng.choice("零〇"), rng.choice("一幺"), *"二三四五六七八九", rng.choice("Xx叉") if kind == "id_card" else "X"]))
        phase, wide = rng.randrange(2), {n: n + 0xFEE0 for n in range(33, 127)}
        read = lambda n: writing == "spoken" or writing == "mixed" and n % 2 == phase
        self.pieces = [group.translate(wide) if writing == "full-width" else self.read(group) if read(n) else group
                       for n, group in enumerate(self.groups)]
        self.joints = [{"spaces": " ", "hyphens": "-", "fillers": rng.choice(HESITATIONS)}.get(writing, "") for _ in self.groups[1:]]
        if kind in ("email", "plate", "plate_8") and writing in ("spaces", "hyphens"):
            self.joints = ["", " "] if kind == "email" and writing == "spaces" else [self.joints[0], ""]
        self.said = self.joined(0, len(self.pieces))
        self.anywhere, self.in_call = self.needles()

    def read(self, group):
        if self.kind == "address":
            group = re.sub(r"\d+(?!\d|室)", lambda match: numeral(int(match[0])), group)
        if self.kind == "email":
            group = group.replace("@", "艾特").replace(".", "点")
        return "".join(self.aloud.get(c, c) for c in group)

    def joined(self, start, end):
        return "".join(piece + joint for piece, joint in zip(self.pieces[start:end], [*self.joints[start:end - 1], ""]))

    def needles(self):
        """What may be found nowhere, in the writing of `squeezed`: surely this anywhere, and surely this within its call."""
        if self.kind in NUMBERS:
            return {self.whole[:17] if self.kind == "id_card" else self.whole}, set()
        if self.kind == "email":
            return {self.whole.split("@")[0] + "@"}, set()
        if self.kind == "address":
            houses = [HOUSE.findall(squeezed("".join(groups))) for groups in (self.groups, self.pieces)]
            before = re.split(r"\d", self.whole)[0][-2:]
            return {text for a, b, c in houses for text in (before + a, a + b, b + c)}, {house for three in houses for house in three}
        return ({self.whole}, {re.sub("^(欧阳|司马|.)", "", self.whole)}) if self.kind == "name" else ({self.whole[1:]}, {self.whole[2:]})

    def turns(self):
        """The utterances that say it: who, what, and the words where they are timed."""
        who, other = self.rng.sample(["customer", "agent"], 2)
        before, after = self.rng.choice(CARRIERS[self.kind]).split("{}")
        whole = [(who, before + self.said + after, None)]
        if self.place.startswith("over"):
            cuts = sorted(self.rng.sample(range(1, len(self.pieces)), min(int(self.place.split()[1]), len(self.pieces)) - 1))
            parts = [self.joined(start, end) for start, end in zip([0, *cuts], [*cuts, len(self.pieces)])]
            parts = [before + parts[0], *parts[1:-1], parts[-1] + after]
            return [turn for part in parts for turn in [(other, self.rng.choice(ECHOES), None), (who, part, None)]][1:]
        if self.place == "read back at once":
            return whole + [(other, "跟您核对一下" + ",".join(self.pieces) + "对吧", None)]
        if self.place == "read back group by group":
            return whole + [turn for piece in self.pieces for turn in [(other, piece, None), (who, self.rng.choice(ECHOES), None)]]
        if self.place.startswith("one word"):
            pieces = [[piece] if self.place == "one word a group" else list(piece) for piece in self.pieces]
            words = [before, *(word for piece, joint in zip(pieces, [*self.joints, ""]) for word in [*piece, joint]), after]
            return [(who, whole[0][1], [word for word in words if word.strip(" -")])]
        return whole


def damaged(rng, kind, damage):
    """A number as an engine may hear it, and the utterances."""
    item, (before, after) = Planted(rng, kind, "plain", damage), rng.choice(CARRIERS[kind]).split("{}")
    digits, at = item.whole, rng.randrange(3, len(item.whole) - 1)
    if damage == DAMAGES[2]:
        talk = [("agent", "不好意思我先跟您确认一下还款的金额"), ("customer", "金额我知道的"), ("agent", "好那您继续说")]
        return item, [(role, text, None) for role, text in [("customer", before + digits[:at]), *talk, ("customer", digits[at:] + after)]]
    heard = rng.choice([str, item.read])(digits[:at] + digits[at + 1:])
    if damage == DAMAGES[1]:
        heard = item.read(digits[:at]) + rng.choice(HOMOPHONES[digits[at]]) + item.read(digits[at + 1:])
    return item, [("customer", before + heard + after, None)]


def planned(rng, places, number):
    """So many things to plant, every way once before any comes again. Names have one writing; nobody writes hesitations into a cell."""
    ways, out = [], []
    for kind, writing, place in itertools.product(KINDS, WRITINGS, places):
        if kind != "name" and (writing != "fillers" or place in SAID):
            ways += [(kind, writing, place)] * (3 if place == "one utterance" else 1)
        elif kind == "name" and writing == "plain" and not place.startswith("over") and not place.endswith("by group"):
            ways += [(kind, writing, place)] * 6
    while len(out) < number:
        out += rng.sample(ways, len(ways))
    return [Planted(rng, *way) for way in out[:number]]


def write_transcript(path, rng, turns, sound=False, broken=False):
    """Saves utterances as an engine would; with a recording, all within its one second."""
    at, step, segments, named = 200, 1000 // (len(turns) + 1), [], sound or rng.random() < 0.5
    for n, (role, text, words) in enumerate(turns):
        start, end = (n * step, (n + 1) * step) if sound else (at, at + 300 + 150 * len(text))
        at = end + rng.randint(200, 900)
        voice = {"role": role} if named else {"channel": ["agent", "customer"].index(role)}
        segments.append(voice | {"start_ms": start, "end_ms": end, "text": text})
        if words:
            times = [start + (end - start) * n // len(words) for n in range(len(words) + 1)]
            segments[-1]["words"] = [{"text": word, "start_ms": a, "end_ms": b} for word, a, b in zip(words, times, times[1:])]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"format": "callsift/transcript", "version": 1, "language": "zh", "segments": segments}, ensure_ascii=False)
    path.write_text(text[:-9] if broken else text, "utf-8")


def write_csv(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)


def write_call(folder, rng, code, slot, turns, broken):
    """Writes a call with one thing in a cell, an id or the name of a file; the call's line of the manifest."""
    said = lambda place, otherwise: slot.said if slot.place == place else otherwise
    row = {"call_id": f"{code}/{said('call_id', 'x')}", "recording": "", "transcript": f"text/{code}/{said(SLOTS[1], 'x')}.json",
           "started_at": rng.choice(["", "2026-11-19T10:00:00+08:00", "2026-11-20T15:30:00+08:00"]), "direction": "outbound"}
    if sound := slot.place == SLOTS[0] or rng.random() < 0.02:
        row["recording"] = f"rec/{code}/{said(SLOTS[0], 'x')}_20261120.wav"
        if rng.random() < 0.7:
            (folder / row["recording"]).parent.mkdir(parents=True)
            with wave.open(str(folder / row["recording"]), "wb") as file:
                file.setparams((1, 2, 8000, 8000, "NONE", ""))
                file.writeframes(rng.choice([bytes, rng.randbytes])(16000))
    write_transcript(folder / row["transcript"], rng, turns, sound, broken)
    return row | {name: said(name, rng.choice(["a", "b", ""])) for name in CELLS}


def write_input(work, rng, calls):
    """Writes manifests, transcripts and recordings: everything planted, the misses, and the utterances of each call."""
    said, slots, items, misses, rows, talk = planned(rng, SAID, 2 * calls), planned(rng, SLOTS, calls), [], [], [], {}
    for number, slot in enumerate(slots):
        code, broken = "q" + "".join("abcdefghij"[int(digit)] for digit in f"{number:04}"), slot.place == SLOTS[1] and rng.random() < 0.4
        mine, turns, miss = [slot, *(() if broken else said[2 * number:2 * number + 2])], [("agent", "您好这里是海棠银行", None)], []
        for item in mine[1:]:
            turns += item.turns() + [(rng.choice(["agent", "customer"]), line, None) for line in rng.sample(HARMLESS, rng.randint(1, 3))]
        if number % 4 == 0 and not broken:
            miss, turns_of_miss = damaged(rng, NUMBERS[number // 4 % 5], DAMAGES[number // 20 % 3])
            turns, misses, miss = turns + turns_of_miss, misses + [miss], [miss]
        for item in [*mine, *miss]:
            item.call = code
        items += mine
        talk[code] = [] if broken else turns
        rows.append(write_call(work / "in", rng, code, slot, turns, broken))
    names, bad, tried = ([Planted(rng, kind, writing, place) for kind in (NUMBERS if place == "attempts" else KINDS)
                          for writing in (["plain"] if kind == "name" or place == ELSEWHERE[0] else ["plain", "spoken"])] for place in ELSEWHERE)
    rows = [row | {f"note {item.said}": rng.choice(["", "x"]) for item in names} for row in rows]
    columns = itertools.cycle(["direction", "started_at", "agent_channel", "callee_role", "talk_s", "answered"])
    write_csv(work / "in/manifest.csv", rows)
    write_csv(work / "bad/manifest.csv", [{"call_id": f"{n % 9} {item.said}", "recording": "a.wav", next(columns): item.said}
                                          for n, item in enumerate(bad + bad[:5] * 2)])
    write_csv(work / "attempts.csv", [{"customer_id": item.said, "number": item.said, "agency": item.said, "outcome": "answered",
                                       "ring_at": "2026-11-20T09:00:00+08:00"} for item in tried])
    (work / "own").mkdir()
    (work / "own/pack.toml").write_text(PACK, "utf-8")
    (work / "own/quotes.toml").write_text(RULE, "utf-8")
    return items + names + bad + tried, misses, talk


class Search:
    """Looks for everything planted in texts; what is said of a call is kept for a closer look."""

    def __init__(self, items):
        self.items, self.of_call, self.characters = items, defaultdict(dict), 0
        self.starts = defaultdict(lambda: defaultdict(list))
        for item in items:
            for needle in item.anywhere:
                self.starts[min(8, len(needle))][needle[:8]].append((needle, item))
        self.marks = {size: numpy.zeros(1 << 24, bool) for size in self.starts}
        for size, starts in self.starts.items():
            self.marks[size][self.hashed("".join(starts), size)[::size]] = True

    @staticmethod
    def hashed(text, size):
        """24 bits for every run of `size` characters."""
        codes = numpy.frombuffer(text.encode("utf-32-le", "replace"), "<u4").astype(numpy.uint64)
        out = numpy.zeros(max(0, len(codes) - size + 1), numpy.uint64)
        for n in range(size):
            out = out * numpy.uint64(1_000_003) + codes[n:n + len(out)]
        return (out * numpy.uint64(0x9E3779B97F4A7C15)) >> numpy.uint64(40)

    def text(self, text, where):
        self.characters += len(text)
        text = squeezed(text)
        for size, starts in self.starts.items():
            for at in numpy.flatnonzero(self.marks[size][self.hashed(text, size)]).tolist():
                for needle, item in starts.get(text[at:at + size], ()):
                    if text.startswith(needle, at) and (item.kind != "address" or not needle[0].isdigit() or not text[at - 1:at].isdigit()):
                        item.found.setdefault(where, text[max(0, at - 10):at + len(needle) + 10])

    def output(self, text, where):
        self.text(text, where)
        for line in text.splitlines():
            for code in CODE.findall(line):
                self.of_call[code].setdefault(line, where)

    def rows(self, rows, where):
        """Keeps what rows say of a call; the utterances of each speaker joined too."""
        turns = defaultdict(list)
        for row in rows:
            code = CODE.search(row.get("call_id", ""))
            for cell in strings(row) if code else ():
                self.of_call[code[0]].setdefault(cell, where)
            if code and "text" in row:
                turns[code[0], row["role"]].append((row["turn"], row["text"]))
        for (code, _), said in turns.items():
            self.of_call[code].setdefault(" ".join(text for _, text in sorted(said)), where)

    def within_calls(self, misses):
        """The closer look: short pieces, numbers over several utterances, parts of numbers."""
        texts = {code: [(squeezed(text), where) for text, where in of.items()] for code, of in self.of_call.items()}
        others = defaultdict(set)
        for item in self.items + misses:
            others[item.call].add(item.whole)
        for item in self.items + misses:
            runs = [item.whole[n:n + READABLE] for n in range(len(item.whole) - READABLE + 1)] if item.kind in NUMBERS else []
            runs = [run for run in runs if sum(run in other for other in others[item.call]) == 1]
            pattern = re.compile("|".join([*map(re.escape, item.anywhere), *("(?<![0-9A-Z十百千])" + needle for needle in item.in_call)]))
            for text, where in texts.get(item.call, ()):
                item.partly |= any(run in text for run in runs)
                if match := pattern.search(text):
                    item.found.setdefault(where, text[max(0, match.start() - 10):match.end() + 10])


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def check_search(items, work, talk):
    """Stops where the search does not find everything planted in what was written for callsift."""
    search = Search(items)
    for code, turns in talk.items():
        search.rows([{"call_id": code + "/", "turn": n, "role": turn[0], "text": turn[1]} for n, turn in enumerate(turns)], "input")
    for name in ("in/manifest.csv", "bad/manifest.csv", "attempts.csv"):
        search.output((work / name).read_text("utf-8"), "input")
    search.within_calls([])
    missed = [(item.kind, item.writing, item.place, item.said) for item in items if not item.found]
    if missed:
        sys.exit(f"the search itself misses {missed}")
    for item in items:
        item.found, item.partly = {}, False


def search_folder(search, folder):
    """Names, bytes and tables below a folder, equal files once; how many files, and the utterances of each call."""
    turns, seen, paths = Counter(), set(), sorted(path for path in folder.rglob("*") if path.is_file())
    for path in paths:
        where, data = f"{folder.name}/{path.relative_to(folder).parts[0]}", path.read_bytes()
        search.output(str(path.relative_to(folder)), where + " (name)")
        if hashlib.sha256(data).digest() in seen:
            continue
        seen.add(hashlib.sha256(data).digest())
        search.text(data.decode("utf-8", "replace"), where + " (bytes)")
        if path.suffix == ".parquet":
            table = pyarrow.parquet.ParquetFile(path).read()
            rows, sheet = table.to_pylist(), io.BytesIO()
            text_of = lambda value: json.dumps(value, ensure_ascii=False, default=str)
            flat = [pyarrow.array(map(text_of, column.to_pylist()), pyarrow.string()) if pyarrow.types.is_nested(column.type) else column
                    for column in table.columns]
            pyarrow.csv.write_csv(pyarrow.table(flat, table.column_names), sheet, pyarrow.csv.WriteOptions(quoting_style="all_valid"))
            search.text("\n".join(map(text_of, rows)), where + " (JSON)")
            search.text(sheet.getvalue().decode(), where + " (CSV)")
            search.rows(rows, where)
            turns.update(code[0] for row in rows if "text" in row and (code := CODE.search(row.get("call_id", ""))))
    return len(paths), turns


def run(program, *args, codes=(0, 1)):
    done = subprocess.run([program, *map(str, args)], capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode not in codes:
        sys.exit(f"callsift {' '.join(map(str, args))}: exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout + done.stderr


def run_all(program, work, search, items):
    """Runs every command that says something of calls and searches what it prints and writes."""
    out, lined, again, own = folders = [work / name for name in ("out", "out-json", "rechecked", "rechecked-own")]
    held, gone = [item.said for item in items if item.place == "customer_id" and item.kind in NUMBERS][:2]
    common = ["inspect", work / "in", "--attempts", work / "attempts.csv", "--progress", "never", "--out"]
    as_json = ["--log-format", "json"]
    for command in [
            [*common, out], [*common, lined, *as_json], [*common, out, *as_json], ["inspect", work / "bad", "--out", work / "none"],
            ["inspect", work / "bad", "--out", work / "none", *as_json], ["recheck", out, "--out", again, "--progress", "never"],
            ["recheck", out, "--out", own, "--rules", work / "own", "--progress", "never", *as_json], ["diff", out, own],
            ["diff", out, own, "--format", "jsonl"], ["diff", out, again], ["hold", lined, "--customer", held, "--because", "a case"],
            ["hold", lined], *(["forget", lined, "--customer", *more] for more in ([held], [gone, "--dry-run"], [gone])), ["compact", again],
            ["rules", "list"], ["rules", "check"], ["schema"],
            *(["status", folder, "--format", form] for folder in folders for form in ("text", "json"))]:
        said = run(program, *command, codes=(2,) if work / "bad" in command else (0, 1))
        search.output(said, f"what {command[0]} prints" + (" as JSON" if {"json", "jsonl"} & set(command[1:]) else ""))
    return [search_folder(search, folder) for folder in folders]


def table_of_ways(items, ways, of):
    print(f"| {of} | " + " | ".join(KINDS) + " | all |\n|" + " --- |" * (len(KINDS) + 2))
    for way in [*ways, "all"]:
        chosen = [[item for item in items if way in (getattr(item, of), "all") and kind in (item.kind, "all")] for kind in [*KINDS, "all"]]
        print(f"| {way} | " + " | ".join(f"{sum(bool(item.found) for item in mine)} of {len(mine)}" if mine else "" for mine in chosen) + " |")
    print()


def report(items, misses, show):
    print("Leaked, of planted:\n")
    table_of_ways(items, WRITINGS, "writing")
    table_of_ways(items, SAID + SLOTS + ELSEWHERE, "place")
    places = Counter(where for item in items for where in {re.sub(r"^\S+/| \(.*\)$", "", where) for where in item.found})
    print("Where: " + (", ".join(f"{where} {count}" for where, count in places.most_common()) or "nowhere") + ".")
    partly = Counter(item.kind for item in items if item.partly and not item.found)
    print(f"Not whole, but {READABLE} or more digits in a row: " + (", ".join(f"{kind} {n}" for kind, n in partly.items()) or "none") + ".\n")
    print(f"| damage | calls | {READABLE} or more true digits in a row readable |\n| --- | --- | --- |")
    for damage in DAMAGES:
        mine = [item for item in misses if item.place == damage]
        print(f"| {damage} | {len(mine)} | {sum(item.partly for item in mine)} |")
    for item in itertools.chain(*([item for item in items if (item.found or item.partly) and item.kind == kind][:show] for kind in KINDS)):
        where, text = next(iter(item.found.items()), ("part of it", ""))
        print(f"    {item.kind}, {item.writing}, {item.place}: {item.said!r}; {where}: {text!r}")


def neutral(program, work, path, number=1000):
    """Prints what masking takes from lines without personal data: 20 utterances a call, two voices in turn."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = [row["text"] for row in csv.DictReader(file)] if path.suffix == ".csv" else file.read().splitlines()
    lines = [re.sub(r"\s+", " ", line).strip() for line in lines if re.search("[\u4e00-\u9fff]", line)][:number]
    for start in range(0, len(lines), 20):
        turns = [(["agent", "customer"][n % 2], line, None) for n, line in enumerate(lines[start:start + 20])]
        write_transcript(work / f"neutral/{start:05}.transcript.json", random.Random(1), turns)
    run(program, "inspect", work / "neutral", "--out", work / "out-neutral", "--progress", "never")
    files = (work / "out-neutral/turns").rglob("*.parquet")
    rows = [row for file in files for row in pyarrow.parquet.ParquetFile(file).read(["call_id", "turn", "text"]).to_pylist()]
    got = {int(row["call_id"][:5]) + row["turn"]: row["text"] for row in rows}
    losses = [(n, *match.span()) for n in range(len(lines)) for match in re.finditer("█+([^█]█+)*", got.get(n, ""))]
    short = sum(len(re.findall("[0-9]", squeezed(lines[n][a:b]))) < READABLE for n, a, b in losses)
    print(f"\nOf {len(lines)} neutral utterances, {len({loss[0] for loss in losses})} lost characters: "
          f"{sum(text.count('█') for text in got.values())} of {sum(map(len, lines))}, in {len(losses)} places, {short} of them with fewer than "
          f"{READABLE} digits. {sum(len(got.get(n, '')) != len(line) for n, line in enumerate(lines))} have another length or are missing.\n")
    print("| utterance | before | taken | after |\n| --- | --- | --- | --- |")
    for n, a, b in losses:
        print(f"| {n + 1} | " + " | ".join(lines[n][x:y].replace("|", "\\|") for x, y in ((max(0, a - 6), a), (a, b), (b, b + 6))) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--callsift", default="callsift")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--neutral", type=pathlib.Path)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="show N leaks of each kind")
    args = parser.parse_args()
    for name in ("in", "bad", "own", "out", "out-json", "rechecked", "rechecked-own", "none", "neutral", "out-neutral"):
        shutil.rmtree(args.work / name, ignore_errors=True)
    started = time.monotonic()
    items, misses, talk = write_input(args.work, random.Random(args.seed), args.calls)
    check_search(items, args.work, talk)
    search = Search(items)
    folders = run_all(args.callsift, args.work, search, items)
    search.within_calls(misses)
    lacking = sum(folders[0][1][code] != len(turns) for code, turns in talk.items())
    print(f"{args.calls} calls, {len(items)} things planted, {sum(files for files, _ in folders)} files and {search.characters / 1e6:.0f} million "
          f"characters searched, {time.monotonic() - started:.0f} s. {sum(not turns for turns in talk.values())} transcripts are broken on "
          f"purpose; {lacking} other calls lack utterances in the tables.\n")
    report(items, misses, args.show)
    if args.neutral:
        neutral(args.callsift, args.work, args.neutral)
    sys.exit(1 if any(item.found for item in items) else 0)


if __name__ == "__main__":
    main()
