# SPDX-License-Identifier: MIT
"""Checks every part that has a file named layers."""

from pathlib import Path

from layers import objects, stack

TOP = Path(__file__).resolve().parents[2]
BUILD = TOP / "build" / "out"
SKIPPED = {"build", ".git"}


def all_parts(top):
    """Folders with a file named layers."""
    return sorted(path.parent for path in top.rglob("layers")
                  if path.is_file() and not SKIPPED & set(path.relative_to(top).parts))


def upward(layers, found):
    """Uses of files that do not stand lower; @found as objects.uses() gives it."""
    for (user, used), names in sorted(found.items()):
        if layers.place(user) > layers.place(used):
            yield (f"{user} ({layers.layer[user]}) uses {', '.join(sorted(names))} of {used} "
                   f"({layers.layer[used]}), which stands above it")


def missing(layers, files):
    """Files of the build without a layer, and files with one that the build does not have."""
    for file in sorted(set(files) - set(layers.layer)):
        yield f"{file} has no layer"
    for file in sorted(set(layers.layer) - set(files)):
        yield f"{file} has a layer and was not built"


def commands(folder):
    """Files of a folder that have the name of a command."""
    names = (TOP / "contract/commands").read_text().split()
    return [f"{name}.c" for name in names if (folder / f"{name}.c").exists()]


def check(folder, parts):
    """What is wrong with a part."""
    try:
        layers = stack.parse(stack.with_commands((folder / "layers").read_text(), commands(folder)))
    except ValueError as error:
        return [str(error)]
    files = objects.files_of(BUILD, folder, parts)
    return list(missing(layers, files)) or list(upward(layers, objects.uses(files)))


def main(_arguments):
    """Reports one result for each part, in TAP."""
    parts = all_parts(TOP)
    print(f"1..{len(parts)}")
    failed = 0
    for number, folder in enumerate(parts, 1):
        wrong = check(folder, parts)
        failed += bool(wrong)
        name = folder.relative_to(TOP)
        print(f"{'not ok' if wrong else 'ok'} {number} - files of {name} use lower ones only")
        for line in wrong:
            print(f"# {name}/layers: {line}")
    return bool(failed or not parts)
