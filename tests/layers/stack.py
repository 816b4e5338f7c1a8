# SPDX-License-Identifier: MIT
"""
A part's layers, read from the file named layers in its folder.

A line is "LAYER: FILE...", the highest layer first; indented lines continue it. A layer "NAME/" is the folder
of that name, and its files are in it. A file uses only files that stand after it, in its own layer or in lower
ones, so a circle cannot be written down. The word COMMANDS stands for the files that have the name of a command
of the contract and stand nowhere else.
"""

import re
from dataclasses import dataclass, field


@dataclass
class Stack:
    """Layers by file, in the order in which they stand."""

    layer: dict = field(default_factory=dict)

    def place(self, file):
        """A file's place in the order."""
        return list(self.layer).index(file)


def parse(text):
    """The stack that a file describes; a mistake in it raises ValueError."""
    stack, names = Stack(), set()
    for line in joined(text):
        name, colon, files = (part.strip() for part in line.partition(":"))
        if not colon or not name or not files:
            raise ValueError(f"'{line}' is not LAYER: FILE...")
        if name in names:
            raise ValueError(f"layer '{name}' stands twice")
        names.add(name)
        for file in files.split():
            add(stack, name, name + file if name.endswith("/") else file)
    return stack


def with_commands(text, files):
    """The text with COMMANDS spelled out: those of @files that it does not name."""
    words = set(" ".join(joined(text)).split())
    return re.sub(r"\bCOMMANDS\b", " ".join(sorted(set(files) - words)), text)


def add(stack, name, file):
    """One more file, below the others."""
    if file in stack.layer:
        raise ValueError(f"{file} stands in '{stack.layer[file]}' and in '{name}'")
    stack.layer[file] = name


def joined(text):
    """Lines without comments, each with what continues it."""
    lines = [line.split("#")[0].rstrip() for line in text.splitlines()]
    return re.sub(r"\n\s+", " ", "\n".join(line for line in lines if line)).splitlines()
