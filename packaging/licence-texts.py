"""Prints the licences of all libraries that THIRD-PARTY.md names, each text once, with the libraries that it is of.

The texts are those that the libraries bring, as cargo has unpacked them.
"""

import json
import pathlib
import re
import subprocess
import sys

TEXTS = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    arguments = ["--locked", "--offline", "--format-version", "1", "--filter-platform", "x86_64-unknown-linux-gnu"]
    metadata = json.loads(subprocess.run(["cargo", "metadata", *arguments], cwd=here, check=True, capture_output=True).stdout)
    rows = re.findall(r"^\| (\S+) \| (\d\S*) \| (.+?) \|", (here / "THIRD-PARTY.md").read_text(), re.MULTILINE)
    places = {(it["name"], it["version"]): pathlib.Path(it["manifest_path"]).parent for it in metadata["packages"]}
    of_text, without = {}, []
    for name, version, licence in rows:
        files = sorted(it for it in places[name, version].iterdir() if it.is_file() and TEXTS.match(it.name))
        for file in files:
            text = file.read_text(errors="replace").strip()
            of_text.setdefault(text, []).append(f"{name} {version}")
        if not files:
            without.append(f"{name} {version} ({licence})")
    for text, names in sorted(of_text.items(), key=lambda it: it[1]):
        print("=" * 100, "", ", ".join(dict.fromkeys(names)), "", text, "", sep="\n")
    print("=" * 100, "", "Without a text of their own: " + ", ".join(without), sep="\n")
    assert len(rows) > 100, "THIRD-PARTY.md names fewer libraries than there are"


if __name__ == "__main__":
    sys.exit(main())
