#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A library exports exactly the functions of its version map, and its header documents each.

usage: symbols.py LIBRARY MAP HEADER
"""

import pathlib
import re
import subprocess
import sys


def exported(library):
    """Return the functions that `library` defines for others, by version."""
    lines = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions", library],
                           check=True, capture_output=True, text=True).stdout.splitlines()
    names = [line.split()[2] for line in lines if line.split()[1] == "T"]
    return {name.replace("@@", "@") for name in names}


def mapped(path):
    """Return the functions of a version map, by version."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = set()
    for version, body in re.findall(r"(\w[\w.]*)\s*\{(.*?)\}", text, flags=re.DOTALL):
        body = body.split("local:")[0]
        found |= {f"{name}@{version}" for name in re.findall(r"(\w+);", body)}
    return found


def documented(path):
    """Return the functions whose comment in the header begins with their name."""
    return set(re.findall(r"/\*\*[\s*]*(\w+)\(\) - ", path.read_text(encoding="utf-8")))


def declared(path):
    """Return the functions that the header declares."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return set(re.findall(r"\b(tsr_\w+)\(", text))


def check(number, what, wrong):
    """Print a TAP line for a set that should be empty."""
    print(f"{'not ok' if wrong else 'ok'} {number} - {what}")
    for name in sorted(wrong):
        print(f"# {name}")
    return bool(wrong)


def main():
    library, version_map, header = sys.argv[1], *map(pathlib.Path, sys.argv[2:4])
    public = {name.split("@")[0] for name in mapped(version_map) if "PRIVATE" not in name}
    bad = check(1, "every exported function is in the map", exported(library) - mapped(version_map))
    bad |= check(2, "every function of the map is exported", mapped(version_map) - exported(library))
    bad |= check(3, "every public function is declared", public - declared(header))
    bad |= check(4, "every declared function is public", declared(header) - public)
    bad |= check(5, "every public function is documented", public - documented(header))
    print("1..5")
    sys.exit(bad)


if __name__ == "__main__":
    main()
