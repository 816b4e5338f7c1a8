# SPDX-License-Identifier: MIT
"""Which file of a part uses which other, and by what symbols: from the objects that the build made."""

import subprocess
from collections import defaultdict

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


def files_of(folder, parts):
    """The objects that meson built of a folder's sources, by file; without tests and folders that are parts themselves."""
    found = {}
    for path in sorted(folder.rglob("*.c.o")):
        inside = path.relative_to(folder).parts[:-2]
        if "tests" in inside or any(folder.joinpath(*inside[:n]) in parts for n in range(1, len(inside) + 1)):
            continue
        if not path.name.startswith("meson-generated"):
            found[path.name.removesuffix(".o")] = path
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
