# SPDX-License-Identifier: MIT
"""
Words that are not used: those of docs/glossary.md (another word stands for the thing) in pages and comments, those
of docs/style.md likewise. Both pages are the data: the column "not" of every table.
"""

import io
import re
import tokenize

from documents import pages

GLOSSARY = "docs/glossary.md"
STYLE = "docs/style.md"

# Pages and sources that are not read, and why.
LEFT_OUT = {
    "CHANGELOG.md": "history keeps its words",
    "LICENSES": "the words of others",
    "tools/compliance/data": "the words of laws",
}

COMMENT_OF_C = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'", re.DOTALL)
COMMENT_OF_SHELL = re.compile(r"(?:^|\s)#.*$", re.MULTILINE)
DECORATION = re.compile(r"\s*\n\s*(?:\*|//|#)?\s*")


def unused(page):
    """The words in the columns "not" of a page, each with the word to use."""
    found = {}
    for row in pages.rows(page):
        for word in row.get("not", "").split(","):
            if word.strip():
                found[word.strip()] = row.get("word") or row.get("instead")
    return found


def without_column(page):
    """A page without its columns "not"."""
    body = pages.prose(page)
    for row in pages.rows(page):
        if row.get("not"):
            body = body.replace("| " + " | ".join(row.values()) + " |",
                                "| " + " | ".join(value for head, value in row.items() if head != "not") + " |")
    return body


def of_python(source):
    """Comments and docstrings."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [token.string for token in tokens
            if token.type == tokenize.COMMENT or token.type == tokenize.STRING and token.string.startswith('"""')]


def comments(path, source):
    """The comments of a source file, or the prose of a page."""
    if path.endswith(".md"):
        body = without_column(source) if path in (GLOSSARY, STYLE) else pages.prose(source)
        return [pages.SPAN.sub("", body)]
    if path.endswith((".c", ".h", ".S", ".pml")):
        return [found for found in COMMENT_OF_C.findall(source) if found.startswith("/")]
    if path.endswith(".py") or source.startswith("#!/usr/bin/env python3"):
        return of_python(source)
    if source.startswith("#!") or path.endswith(("meson.build", "Kbuild", "Makefile", ".sh")):
        return COMMENT_OF_SHELL.findall(source)
    return []


def readable():
    """The files whose words count."""
    return [path for path in pages.tracked()
            if not any(path == out or path.startswith(out + "/") for out in LEFT_OUT)]


def pattern(words):
    """Finds any of these words, in singular or plural, across the lines of a comment."""
    each = "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{each})s?(?![\w-])", re.IGNORECASE)


def found_in(path, source, words):
    """Unused words in a file, with the words to use."""
    known = {word.lower(): use for word, use in words.items()}
    search = pattern(words)
    result = []
    for comment in comments(path, source):
        for found in search.findall(DECORATION.sub(" ", comment)):
            word = found.lower()
            result.append(f"{path}: {found}: say {known.get(word) or known.get(word.removesuffix('s'))}")
    return result


def complaints(words):
    """Unused words in the whole tree."""
    found = []
    for path in readable():
        found += found_in(path, pages.text(path), words)
    return found
