# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""The recipes of README.md: what they put where."""

import re
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?:# |/\* )(?P<place>.*?)(?: \*/)?\n(?P<text>(?:.*\n)*?)```$", re.M)
PLACE = re.compile(r"(?P<file>\S+), (?:at the end|(?P<item>\w+ \w+), (?P<how>behind|instead of) (?P<name>\w+)|"
                   r"behind `(?P<line>.*)`)$")
# An entry ends where the next one, the next key of the item, or the next item begins.
NEXT = re.compile(r"^(    \w|  \w|- |$)")


def recipes():
    """{heading: [(language, place, text)]}"""
    found = {}
    for part in README.read_text(encoding="utf-8").split("\n**")[1:]:
        found[part.split(".**")[0]] = [(match["language"], match["place"], match["text"])
                                       for match in BLOCK.finditer(part)]
    return found


def apply(folder, place, text):
    """Put one block where it says, below the contract's folder. Returns the file."""
    match = PLACE.match(place)
    path = (folder / match["file"]).resolve()
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    start, end = span(lines, match)
    lines[start:end] = [text]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def span(lines, match):
    """The lines that a block takes the place of."""
    if match["line"]:
        behind = next(n for n, line in enumerate(lines) if line.strip() == match["line"]) + 1
        return behind, behind
    if not match["item"]:
        return len(lines), len(lines)
    kind, name = match["item"].split(" ")
    item = lines.index(f"- {kind}: {name}\n")
    start = next(n for n in range(item, len(lines)) if re.match(rf"^ +{match['name']}:", lines[n]))
    end = next(n for n in range(start + 1, len(lines))
               if NEXT.match(lines[n]) and not lines[n].startswith("    - "))
    return (end if match["how"] == "behind" else start), end
