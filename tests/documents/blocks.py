# SPDX-License-Identifier: MIT
"""
The blocks of the project's documents: fenced ones of Markdown, .nf to .fi of manual pages.

A fence says in its first line what its block is, and so how it is run:

    c, cpp         source, compiled against the installed libraries
    sh host        commands, run on the host with the installed tree, in a folder that has the examples
    sh guest       commands, run in a guest with an NPU, in the same folder
    sh project     commands of the tree itself: make TARGET, tools/dev/...
    python         an example of docs/vnpu.md, run by tools/vnpu/tests/test_manual.c
    console        a command after "$ " and what it prints
    text, yaml     nothing to run
"""

import re
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
KINDS = {"c", "cpp", "sh host", "sh guest", "sh project", "python", "console", "text", "yaml"}
FENCE = re.compile(r"^```(.*)$")
EXAMPLE = re.compile(r"^\.nf\n(.*?)^\.fi$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s+#.*$")


@dataclass
class Block:
    """One block, with the line it begins on."""

    path: Path
    line: int
    kind: str
    text: str

    def name(self):
        """For messages."""
        return f"{self.path.relative_to(TOP)}:{self.line}"

    def commands(self):
        """The commands of a shell or console block, without comments."""
        lines = self.text.replace("\\\n", " ").splitlines()
        if self.kind == "console":
            lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        return [command for command in (COMMENT.sub("", line).strip() for line in lines)
                if command and not command.startswith("#")]


def of_markdown(path):
    """The fenced blocks."""
    found, start, kind = [], None, ""
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        fence = FENCE.match(line)
        if not fence:
            continue
        if start is None:
            start, kind = number, fence.group(1).strip()
        else:
            found.append(Block(path, start, kind, "\n".join(lines[start:number - 1]) + "\n"))
            start = None
    return found


def of_man(path):
    """The examples of a manual page: commands that need an NPU, but for those of two."""
    text = path.read_text(encoding="utf-8")
    kind = "sh host" if path.stem in ("tessera-compliance", "tessera-objdump") else "sh guest"
    return [Block(path, text.count("\n", 0, match.start()) + 1, kind, match.group(1).replace("\\-", "-"))
            for match in EXAMPLE.finditer(text)]


def all_blocks():
    """Every block of every document."""
    pages = sorted([TOP / "README.md", TOP / "CONTRIBUTING.md", TOP / "tools/dev/README.md", TOP / "examples/README.md",
                    TOP / "models/README.md", *(TOP / "docs").glob("**/*.md")])
    found = [block for page in pages for block in of_markdown(page)]
    return found + [block for page in sorted((TOP / "docs/man").glob("*.1")) for block in of_man(page)]
