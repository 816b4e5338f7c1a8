# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Texts of the YAML for readers of C and of the manual: references become names, lines get a length."""

import textwrap

from generator.check import REFERENCE

WIDTH = 100
TAB = 8


def referenced(match, contract):
    """What C calls the item of a reference."""
    word = match.group(1)
    if word[0].islower():
        return f"struct {contract.struct_prefix}{word}"
    return contract.constant_prefix + word + match.group(2)


def in_c(text, contract):
    """$NAME and $name as C spells them."""
    # No comment ends inside of a comment: "*/" cannot come out of a name with a star.
    return REFERENCE.sub(lambda match: referenced(match, contract), text).replace("*/", "* /")


def wrapped(text, first, rest):
    """Lines of at most WIDTH that begin with @first, then @rest."""
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, tabsize=TAB,
                         break_long_words=False, break_on_hyphens=False)


def comment(text, contract):
    """A comment of one or more lines."""
    text = in_c(text, contract)
    if len(text) + 6 <= WIDTH and "\n" not in text.strip():
        return [f"/* {text.strip()} */"]
    lines = ["/*"]
    for number, paragraph in enumerate(text.strip().split("\n\n")):
        lines += [" *"] if number else []
        lines += wrapped(" ".join(paragraph.split()), " * ", " * ")
    return [*lines, " */"]


def sentence(text):
    """With a capital letter and an end."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", ":", "?")) else text + "."


def tabbed(text, column):
    """The text, then tabs up to the column, at least one."""
    width = len(text.expandtabs(TAB))
    return text + "\t" * max(1, -(-(column - width) // TAB))
