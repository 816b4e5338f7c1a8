# SPDX-License-Identifier: MIT
"""
What the pages of the tree say, read so that tests can hold it against the tree: headings, tables, code spans, links.

A page is Markdown of a simple kind: headings begin with #, a table row is one line, a code span is within one line.
"""

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)
LINK = re.compile(r"\[[^]\[]*\]\(([^)\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
RULE = re.compile(r"^\|[\s:|-]+\|$")


@cache
def tracked():
    """Every file of the tree, as a path relative to its top."""
    done = subprocess.run(["git", "-C", TOP, "ls-files", "--cached", "--others", "--exclude-standard"],
                          check=True, capture_output=True, text=True)
    return tuple(path for path in done.stdout.splitlines() if (TOP / path).is_file())


def markdown():
    """Every page, as a path relative to the top."""
    return [path for path in tracked() if path.endswith(".md")]


@cache
def text(path):
    """A file of the tree."""
    return (TOP / path).read_text(encoding="utf-8", errors="replace")


def prose(page):
    """The same number of lines without fenced blocks."""
    return FENCED.sub(lambda block: "\n" * block.group().count("\n"), page)


def spans(page):
    """The code spans, in order."""
    return SPAN.findall(prose(page))


def links(page):
    """Where the links lead."""
    return LINK.findall(SPAN.sub("", prose(page)))


def anchors(page):
    """The names by which links reach headings, as GitHub makes them."""
    names = (SPAN.sub(r"\1", title).lower() for _, title in HEADING.findall(prose(page)))
    return {re.sub(r"[^\w\- ]", "", name).replace(" ", "-") for name in names}


def section(page, title):
    """What stands under a heading, its subsections included."""
    body = prose(page)
    for found in HEADING.finditer(body):
        if found.group(2) == title:
            rest = body[found.end():]
            end = re.search(rf"^#{{1,{len(found.group(1))}}} ", rest, re.MULTILINE)
            return rest[:end.start()] if end else rest
    raise KeyError(f"no section {title!r}")


def cells(line):
    """The cells of a table row."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def rows(page):
    """The rows of all tables, each as a dictionary by the heads of its columns."""
    found, head = [], None
    lines = prose(page).splitlines()
    for number, line in enumerate(lines):
        if not line.startswith("|"):
            head = None
        elif head is None:
            head = cells(line)
        elif not RULE.match(lines[number]):
            found.append(dict(zip(head, cells(line))))
    return found


@dataclass(frozen=True)
class Function:
    """A function of a source file: its name and its body."""

    name: str
    body: str


DEFINED_IN_C = re.compile(r"^(?![ \t#/*])[\w \t*]*?\b(\w+)\((?:(?!\n\n)[^;{}])*?\)\n\{\n(.*?)^\}",
                          re.MULTILINE | re.DOTALL)
DEFINED_IN_PYTHON = re.compile(r"^[ \t]*def (\w+)\((.*?)(?=^[ \t]*def |\Z)", re.MULTILINE | re.DOTALL)
DEFINED_IN_SHELL = re.compile(r"^(\w+)\(\)\n\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)


def functions(source, name):
    """The functions that a source file defines, by name."""
    pattern = DEFINED_IN_SHELL
    if name.endswith((".c", ".h")):
        pattern = DEFINED_IN_C
    elif name.endswith(".py"):
        pattern = DEFINED_IN_PYTHON
    return {found.group(1): Function(*found.groups()) for found in pattern.finditer(source)}
