# SPDX-License-Identifier: MIT
"""A careless driver: a patch of kernel/ whose first lines say what it breaks and what notices it."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
KEYS = {"breaks", "suite", "command", "options", "kind"}
NEEDED = {"breaks", "suite", "kind"}
KIND = {"passes", "fails", "either"}


@dataclass(frozen=True)
class Driver:
    """
    One patch. Its suite is one of tests/suites, whose command and options hold unless it has its own; on a kind
    device the suite passes, or fails as well, or either by chance.
    """

    name: str
    path: Path
    breaks: str
    suite: str
    command: str
    options: str
    kind: str

    def files(self):
        """The sources it changes."""
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return [line.removeprefix("+++ b/") for line in lines if line.startswith("+++ b/")]


def header(text):
    """Lines "Key: value" before the patch; a line that begins with a space goes on with the one before."""
    found, key = {}, None
    for line in text.splitlines():
        if line.startswith(("diff ", "--- ")):
            break
        if line.startswith(" ") and key:
            found[key] += line
        elif ": " in line:
            key, _, value = line.partition(": ")
            key = key.lower()
            found[key] = value
    return found


def parse(path):
    """The driver of a patch; a mistake in its first lines raises ValueError."""
    found = header(path.read_text(encoding="utf-8"))
    wrong = set(found) - KEYS | NEEDED - set(found)
    if wrong or found["kind"] not in KIND:
        raise ValueError(f"{path.name}: wrong or missing: {', '.join(sorted(wrong)) or 'kind'}")
    return Driver(path.stem, path, found["breaks"], found["suite"], found.get("command", ""),
                  found.get("options", ""), found["kind"])


def every():
    """All of them, by name."""
    return [parse(path) for path in sorted(FOLDER.glob("*.patch"))]
