# SPDX-License-Identifier: MIT
"""Which file of a part uses which other, and by what symbols: from the objects that the build made."""

import json
import subprocess
from collections import defaultdict
from pathlib import Path

DEFINED = "TDBRVWC"


def symbols(path):
    """Symbols that an object defines for others, and those it wants of others."""
    text = subprocess.run(["nm", path], capture_output=True, text=True, check=True).stdout
    defined, wanted = set(), set()
    for words in map(str.split, text.splitlines()):
        if len(words) == 2 and words[0] in "Uw":
            wanted.add(words[1])
        elif len(words) == 3 and words[1] in DEFINED:
            defined.add(words[2])
    return defined, wanted


def part_of(source, parts):
    """The innermost of the folders in which a source is."""
    return max((part for part in parts if part in source.parents), default=None, key=lambda part: len(part.parts))


def files_of(build, folder, parts):
    """
    The objects that meson built of a part's sources, by the source's path in the part's folder.

    @parts are the folders of all parts: what is in an inner one does not belong to this one. Objects of tests
    are left out, also those that a test makes of the part's sources.
    """
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source, output = (build / entry["file"]).resolve(), Path(entry["output"])
        if part_of(source, parts) == folder and "tests" not in output.parts:
            found[str(source.relative_to(folder))] = build / output
    return found


def uses(objects):
    """By user and used file, the symbols."""
    defined, wanted = {}, {}
    for file, path in objects.items():
        names, wanted[file] = symbols(path)
        defined.update(dict.fromkeys(names, file))
    found = defaultdict(set)
    for file, names in wanted.items():
        for name in names & set(defined):
            if defined[name] != file:
                found[file, defined[name]].add(name)
    return found
