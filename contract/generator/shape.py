# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""The shape of values in the YAML: which keys there are, and what kind of thing is behind each."""

import re

CONSTANT_NAME = re.compile(r"^_?[A-Z0-9][A-Z0-9_]*$")
STRUCT_NAME = re.compile(r"^_?[a-z][a-z0-9_]*$")
BIT_RANGE = re.compile(r"^(\d+)\.\.(\d+)$")


class Shape:
    """Checks one mapping and hands out its values; sentences go to @problems."""

    def __init__(self, problems, where, mapping, keys):
        self.problems, self.where = problems, where
        self.mapping = mapping if isinstance(mapping, dict) else {}
        if not isinstance(mapping, dict):
            problems.add(where, f"is {mapping!r}: write a mapping with {', '.join(keys)}")
        for key in self.mapping:
            if key not in keys:
                problems.add(where, f"unknown key {key!r}: it takes {', '.join(keys)}")

    def get(self, key, kind, default=None, required=False):
        """The value, if it is of @kind: a class, or a pattern that a word must match."""
        value = self.mapping.get(key)
        if value is None:
            if required:
                self.problems.add(self.where, f"has no {key!r}: add one")
            return default
        if isinstance(kind, re.Pattern):
            right, wanted = isinstance(value, str) and kind.match(value), f"a name like {kind.pattern}"
        else:
            right, wanted = isinstance(value, kind), described(kind)
        if not right:
            self.problems.add(self.where, f"{key} is {value!r}: write {wanted}")
            return default
        return value

    def doc(self):
        """The documentation, which everything has, on one line."""
        return one_line(self.get("doc", str, "", required=True))

    def truth(self, key):
        """A mark that is there as "true", or not at all."""
        value = self.mapping.get(key)
        if value not in (None, "true"):
            self.problems.add(self.where, f"{key} is {value!r}: write true, or leave the key out")
        return value == "true"


def described(kind):
    """What to write, in words."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return " or ".join({int: "a number", str: "a text", dict: "a mapping", list: "a list"}[k] for k in kinds)


def one_line(text):
    """YAML's block texts without their line breaks."""
    return " ".join(text.split())


def bit_range(problems, where, value):
    """(high, low) of "7..0" or of a single bit."""
    if isinstance(value, int):
        return int(value), int(value)
    match = BIT_RANGE.match(value) if isinstance(value, str) else None
    if not match or int(match.group(1)) < int(match.group(2)):
        problems.add(where, f"bits {value!r}: write HIGH..LOW, or one number")
        return 0, 0
    return int(match.group(1)), int(match.group(2))


def documented(problems, where, value, form):
    """Splits [FIRST, doc, marks...]; the marks are words and mappings."""
    if not isinstance(value, list) or len(value) < 2 or not isinstance(value[1], str) or not value[1]:
        problems.add(where, f"is {value!r}: write {form}, with a text that says what it is")
        return None, "", [], {}
    words, marks = [], {}
    for mark in value[2:]:
        if isinstance(mark, dict):
            marks.update(mark)
        else:
            words.append(mark)
    return value[0], one_line(value[1]), words, marks
